package dev.lorikeet.data.table;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Checks that a file is there before it is read. */
final class FileCheck {

    private FileCheck() {}

    /** @throws BadFileException if there is no such file; it names the folder and the file with the nearest name */
    static void exists(Path file) {
        if (Files.isDirectory(file)) {
            List<String> names = names(file);
            throw new BadFileException(
                    file,
                    "is a folder; expected a file"
                            + names.stream()
                                    .filter(TableFile::isReadable)
                                    .findFirst()
                                    .or(() -> names.stream().findFirst())
                                    .map(name ->
                                            ", such as " + file.resolve(name).normalize())
                                    .orElse(""));
        }
        if (!Files.exists(file)) {
            throw new BadFileException(file, "there is no such file" + where(file));
        }
    }

    private static String where(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder == null || file.getFileName() == null) {
            return "";
        }
        if (!Files.isDirectory(folder)) {
            return "; there is no folder " + folder;
        }
        String hint = UnknownNameException.nearest(file.getFileName().toString(), names(folder))
                .map(name -> ". Did you mean \"" + name + "\"?")
                .orElse("");
        return " in " + folder + hint;
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            // A folder that cannot be listed gives no hint.
            return List.of();
        }
    }
}
