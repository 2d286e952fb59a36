package dev.lorikeet.data;

import dev.lorikeet.base.BadFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a UTF-8 file as one text. */
final class TextFile {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private TextFile() {}

    /** Reads a file without a byte order mark. */
    static String read(Path file) {
        try {
            String text = Files.readString(file);
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (NoSuchFileException e) {
            throw new BadFileException(file, "there is no such file", e);
        } catch (IOException e) {
            throw new BadFileException(file, "could not be read as UTF-8 text: " + e.getMessage(), e);
        }
    }
}
