package dev.lorikeet.train;

import dev.lorikeet.model.LanguageModel;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A run as it was after one of its steps: a folder with the adapter in PEFT's files, if there is one, and with what a run
 * needs to go on.
 *
 * @param step updates that were done
 * @param loss mean on the split by which the best is kept; NaN if it was not measured
 */
public record Checkpoint(Path folder, int step, double loss) {

    /**
     * Puts the weights that were trained on a model that is trained in the same way: with such an adapter, or thawed alike.
     *
     * @throws dev.lorikeet.base.BadFileException if the folder is damaged
     * @throws OtherRunException if other parameters were trained; the model stays as it was
     */
    public void restore(LanguageModel model) {
        CheckpointFolder.read(folder);
        TrainedArrays.restoreWeights(CheckpointFolder.arrays(folder), model);
    }

    @Override
    public String toString() {
        return Double.isNaN(loss)
                ? String.format(Locale.ROOT, "%s, after step %d", folder, step)
                : String.format(Locale.ROOT, "%s, after step %d, loss %.4f", folder, step, loss);
    }
}
