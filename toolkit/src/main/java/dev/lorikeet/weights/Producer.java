package dev.lorikeet.weights;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The mark in the metadata of files that this toolkit wrote, which may therefore be overwritten. */
public final class Producer {

    /** The metadata key; other readers ignore it. */
    public static final String KEY = "producer";

    public static final String VALUE = "lorikeet";

    private Producer() {}

    /** Whether a file may be written: it does not exist, or this toolkit wrote it. */
    public static boolean mayWrite(Path file) {
        return !Files.exists(file) || Files.isRegularFile(file) && wrote(file);
    }

    private static boolean wrote(Path file) {
        // An interrupt would close the file while it is read, so that it looks damaged.
        StoppedException.check("Saving " + file + " was stopped before it began; nothing was changed");
        try (TensorFile tensors = TensorFile.open(file)) {
            return VALUE.equals(tensors.metadata().get(KEY));
        } catch (BadFileException e) {
            return false;
        }
    }
}
