package dev.lorikeet.base;

import java.nio.file.Path;

/** A file is missing, damaged, or of a kind that is not supported. */
public final class BadFileException extends LorikeetException {

    /**
     * @param file the file
     * @param problem what is wrong, as the end of the sentence "FILE: …"
     */
    public BadFileException(Path file, String problem) {
        super(file + ": " + problem);
    }

    public BadFileException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
