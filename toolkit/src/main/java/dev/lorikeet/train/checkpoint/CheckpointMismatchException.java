package dev.lorikeet.train.checkpoint;

import dev.lorikeet.base.LorikeetException;
import java.nio.file.Path;
import java.util.List;

/** A checkpoint belongs to another run: another model, other data or other settings. The model is unchanged. */
public final class CheckpointMismatchException extends LorikeetException {

    /** @param differences what differs, each as "batch_size is 4 in the checkpoint and 8 in this run" */
    public CheckpointMismatchException(Path checkpoint, List<String> differences) {
        super("%s belongs to another run, so training cannot resume from it: %s"
                .formatted(checkpoint, String.join("; ", differences)));
    }
}
