package dev.lorikeet.train.checkpoint;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.file.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Writes and checks the file {@value #FILE} of a folder: a line with CRC-32C, length and name for each other file. */
public final class Checksums {

    static final String FILE = "checksums.txt";

    private Checksums() {}

    public static void write(Path folder) {
        AtomicFiles.writeText(folder.resolve(FILE), text(folder));
    }

    /**
     * Checks all files.
     *
     * @throws BadFileException if a file is missing, new or changed
     */
    static void check(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new BadFileException(folder, "is not a complete checkpoint: it lacks " + FILE);
        }
        List<String> expected = lines(file);
        List<String> actual = text(folder).lines().toList();
        actual.stream().filter(line -> !expected.contains(line)).findFirst().ifPresent(line -> {
            throw new BadFileException(folder.resolve(line.split(" ", 3)[2]), "does not match its checksum");
        });
        expected.stream().filter(line -> !actual.contains(line)).findFirst().ifPresent(line -> {
            throw new BadFileException(folder, "lacks a file: " + line);
        });
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new BadFileException(file, "could not be read: " + e.getMessage(), e);
        }
    }

    private static String text(Path folder) {
        Map<String, String> checksums = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (!name.equals(FILE)) {
                    checksums.put(name, "%08x %d %s\n".formatted(checksum(file), Files.size(file), name));
                }
            }
        } catch (IOException e) {
            throw new BadFileException(folder, "could not be read: " + e.getMessage(), e);
        }
        return checksums.values().stream().collect(Collectors.joining());
    }

    private static long checksum(Path file) throws IOException {
        CRC32C checksum = new CRC32C();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                StoppedException.check("Reading " + file + " was interrupted");
                checksum.update(buffer, 0, read);
            }
        }
        return checksum.getValue();
    }
}
