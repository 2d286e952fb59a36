package dev.lorikeet.train.step;

import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.train.loss.Loss;

/** Opens the {@link GradientSource} of a run; this machine's own is {@code BackwardPass::new}. */
@FunctionalInterface
public interface GradientSources {

    /**
     * Opens a source. It checks before the first step whatever could fail later.
     *
     * @param model as it is when the run begins; only its trained parameters change
     */
    GradientSource open(LanguageModel model, Loss loss, MemoryOptions memory);
}
