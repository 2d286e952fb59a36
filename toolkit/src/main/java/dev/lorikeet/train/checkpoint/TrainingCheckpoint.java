package dev.lorikeet.train.checkpoint;

import dev.lorikeet.base.Quantities;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.io.ModelLock;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The state of a run after one of its steps: a folder with the adapter in PEFT's files, if there is one, and all that a run
 * needs to resume.
 *
 * @param step number of updates done
 * @param loss mean loss on the split that selects the best checkpoint; NaN if not measured
 */
public record TrainingCheckpoint(Path folder, int step, double loss) {

    /**
     * Restores the trained weights on a model with the same trainable parameters, such as an adapter of the same shape.
     *
     * @throws dev.lorikeet.base.BadFileException if the folder is damaged
     * @throws CheckpointMismatchException if the model's trainable parameters differ; it stays as it was
     */
    public void restore(LanguageModel model) {
        CheckpointFolder.read(folder);
        try (ModelLock.Use use = model.use("restoring a checkpoint")) {
            TrainedArrays.restoreWeights(CheckpointFolder.arrays(folder), model);
        }
    }

    @Override
    public String toString() {
        return Double.isNaN(loss)
                ? String.format(Locale.ROOT, "%s, after step %d", folder, step)
                : "%s, after step %s, loss %s".formatted(folder, Quantities.count(step), Quantities.loss(loss));
    }
}
