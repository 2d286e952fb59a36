package dev.lorikeet.train;

import dev.lorikeet.base.Quantities;
import dev.lorikeet.memory.Memory;
import dev.lorikeet.memory.MemoryEstimate;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.summary.ParameterBytes;
import dev.lorikeet.train.step.MemoryOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Warns of a run that does not fit in memory, and names the settings that need less. */
final class MemoryAdvice {

    private final LanguageModel model;
    private final TuningSettings settings;

    MemoryAdvice(LanguageModel model, TuningSettings settings) {
        this.model = model;
        this.settings = settings;
    }

    /** Returns a warning in one line; empty if the run fits. */
    Optional<String> warning(Task task) {
        return warning(MemoryEstimator.Load.of(task), new MemoryEstimator(model, settings).estimate(task));
    }

    Optional<String> warning(MemoryEstimator.Load load, MemoryEstimate estimate) {
        return estimate.fits()
                ? Optional.empty()
                : Optional.of(
                        ("Warning: this run needs about %s and %s is available: it may be killed or become very slow. "
                                        + "To need less: %s")
                                .formatted(
                                        Quantities.gib(estimate.totalGiB()),
                                        Quantities.gib(estimate.limitGiB()),
                                        String.join("; ", options(load, estimate))));
    }

    private List<String> options(MemoryEstimator.Load load, MemoryEstimate estimate) {
        List<String> options = new ArrayList<>();
        MemoryOptions now = settings.memory();
        double others = estimate.totalGiB() - estimate.parts().activations();
        int batch = settings.batchSize();
        if (batch > 1) {
            int smaller = batch / 2;
            double share = (double) smaller / batch;
            options.add(option(
                    "batchSize(%d)".formatted(smaller)
                            + (batch % 2 == 0
                                    ? " with accumulate(%d) for the same updates"
                                            .formatted(2L * settings.accumulation())
                                    : ""),
                    others + activations(now, load.scaled(share))));
        }
        if (!now.recompute()) {
            options.add(option("recompute()", others + activations(new MemoryOptions(true, now.lossRows()), load)));
        }
        if (now.lossRows() == 0 || now.lossRows() > MemoryOptions.DEFAULT.lossRows()) {
            int rows = MemoryOptions.DEFAULT.lossRows();
            options.add(option(
                    "lossRows(%d)".formatted(rows),
                    others + activations(new MemoryOptions(now.recompute(), rows), load)));
        }
        options.add(option("texts cut to half their length", others + activations(now, load.scaled(0.5))));
        ParameterBytes bytes = model.parameterBytes();
        if (bytes.trained() > bytes.frozen()) {
            options.add("an adapter in place of all weights (Lora.rank(16).inject(model))");
        } else if (!model.transformer().isQuantized()) {
            options.add("a quantized base (Models.load(name, Quantization.NF4))");
        }
        return options;
    }

    private static String option(String call, double gib) {
        return call + ": about " + Quantities.gib(gib);
    }

    private double activations(MemoryOptions options, MemoryEstimator.Load load) {
        return Memory.gib(new MemoryEstimator(model, options, false).activations(load));
    }
}
