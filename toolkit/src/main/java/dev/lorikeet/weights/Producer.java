package dev.lorikeet.weights;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The mark that files of tensors get in their metadata, so that they may be written over where others may not. */
public final class Producer {

    /** The key; a reader that does not know it passes over it. */
    public static final String KEY = "producer";

    public static final String VALUE = "lorikeet";

    private Producer() {}

    /** Whether a file may be written: there is none, or one that was written here. */
    public static boolean mayWrite(Path file) {
        return !Files.exists(file) || Files.isRegularFile(file) && wrote(file);
    }

    private static boolean wrote(Path file) {
        // An interrupt closes the file that is being read, which then looks damaged.
        StoppedException.check("Saving " + file + " was stopped before it began; nothing was changed");
        try (TensorFile tensors = TensorFile.open(file)) {
            return VALUE.equals(tensors.metadata().get(KEY));
        } catch (BadFileException e) {
            return false;
        }
    }
}
