package dev.lorikeet.train;

import dev.lorikeet.base.AtomicFiles;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
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

/** The file {@value #FILE} of a folder: for each other file a line with its CRC-32C, its length and its name. */
final class FileSums {

    static final String FILE = "sums.txt";

    private FileSums() {}

    static void write(Path folder) {
        AtomicFiles.writeText(folder.resolve(FILE), text(folder));
    }

    /** @throws BadFileException if a file is missing, has come in, or has changed since */
    static void check(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new BadFileException(folder, "is no whole checkpoint: there is no " + FILE);
        }
        List<String> then = lines(file);
        List<String> now = text(folder).lines().toList();
        now.stream().filter(line -> !then.contains(line)).findFirst().ifPresent(line -> {
            throw new BadFileException(folder.resolve(line.split(" ", 3)[2]), "is not as it was written");
        });
        then.stream().filter(line -> !now.contains(line)).findFirst().ifPresent(line -> {
            throw new BadFileException(folder, "has lost a file: " + line);
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
        Map<String, String> sums = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (!name.equals(FILE)) {
                    sums.put(name, "%08x %d %s\n".formatted(sum(file), Files.size(file), name));
                }
            }
        } catch (IOException e) {
            throw new BadFileException(folder, "could not be read: " + e.getMessage(), e);
        }
        return sums.values().stream().collect(Collectors.joining());
    }

    private static long sum(Path file) throws IOException {
        CRC32C sum = new CRC32C();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                StoppedException.check("Reading " + file + " was stopped");
                sum.update(buffer, 0, read);
            }
        }
        return sum.getValue();
    }
}
