package dev.lorikeet.model.io;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Quantities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What was written of a model.
 *
 * @param path the folder or the file
 * @param type in which its matrices are stored, such as "float16" or "Q8_0"
 * @param files all that were written, the weights first
 * @param bytes of all of them
 */
public record SavedModel(Path path, String type, List<Path> files, long bytes) {

    /**
     * Measures what was written.
     *
     * @throws BadFileException if a file cannot be read again
     */
    public static SavedModel of(Path path, Object type, List<Path> files) {
        long bytes = 0;
        for (Path file : files) {
            try {
                bytes += Files.size(file);
            } catch (IOException e) {
                throw new BadFileException(file, "was written, but cannot be read: " + e.getMessage(), e);
            }
        }
        return new SavedModel(path, type.toString(), List.copyOf(files), bytes);
    }

    @Override
    public String toString() {
        List<String> names =
                files.stream().map(file -> file.getFileName().toString()).toList();
        return "%s: %s, %s (%s)".formatted(path, type, Quantities.bytes(bytes), String.join(", ", names));
    }
}
