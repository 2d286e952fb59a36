package dev.lorikeet.train;

import dev.lorikeet.base.LorikeetException;
import java.nio.file.Path;
import java.util.List;

/** A checkpoint is that of another run: other data, another model, or other settings. Nothing was changed. */
public final class CheckpointMismatchException extends LorikeetException {

    /** @param differences what differs, each as "batch size is 4 there and 8 here" */
    CheckpointMismatchException(Path checkpoint, List<String> differences) {
        super("%s is of another run and cannot be gone on from: %s"
                .formatted(checkpoint, String.join("; ", differences)));
    }
}
