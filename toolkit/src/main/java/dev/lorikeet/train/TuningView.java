package dev.lorikeet.train;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.memory.MemoryEstimate;
import dev.lorikeet.model.LanguageModel;
import java.util.Locale;

/** Shows what a fine-tuning would train, before it runs. */
final class TuningView {

    private static final String NO_DATA = "none yet; set them with on(…)";

    private TuningView() {}

    /** A line that costs nothing, as a notebook asks for it beside the table. */
    static String line(FineTune<?> tuning) {
        LanguageModel model = tuning.model();
        if (tuning.data().isEmpty()) {
            return "%s of %s: no training data yet; set them with on(…)".formatted(tuning.name(), model.name());
        }
        TuningSettings settings = tuning.settings();
        return String.format(
                Locale.ROOT,
                "%s of %s: %s; %s, batches of %d%s, learning rate %s; %s",
                tuning.name(),
                model.name(),
                tuning.data().orElseThrow(),
                epochs(settings),
                settings.batchSize(),
                settings.accumulation() > 1 ? " × " + settings.accumulation() : "",
                rate(settings),
                model.parameterCount());
    }

    static String html(FineTune<?> tuning) {
        LanguageModel model = tuning.model();
        HtmlTable table = HtmlTable.of()
                .title("Fine-tuning: " + tuning.name())
                .row("Model", model.name())
                .row("Trainable", model.parameterCount().toString())
                .row("Data", tuning.data().orElse(NO_DATA));
        if (tuning.data().isEmpty()) {
            return table.html();
        }
        TuningSettings settings = tuning.settings();
        table.row("Learning rate", rate(settings)).row("Batch", batch(settings)).row("Epochs", epochs(settings));
        try {
            Task task = tuning.task(settings);
            MemoryEstimate memory = new MemoryEstimator(model, settings).estimate(task);
            table.row("Steps", String.format(Locale.ROOT, "%,d", TrainingLoop.totalSteps(task, settings)))
                    .row("Memory", memory.verdict());
        } catch (LorikeetException e) {
            table.row("Not ready", e.getMessage());
        }
        return table.html();
    }

    private static String epochs(TuningSettings settings) {
        String epochs =
                settings.epochs() == 1 ? "1 epoch" : String.format(Locale.ROOT, "%,d epochs", settings.epochs());
        return settings.maxSteps() == 0
                ? epochs
                : epochs + String.format(Locale.ROOT, ", at most %,d steps", settings.maxSteps());
    }

    private static String batch(TuningSettings settings) {
        return settings.accumulation() == 1
                ? String.valueOf(settings.batchSize())
                : "%d × %d accumulated".formatted(settings.batchSize(), settings.accumulation());
    }

    private static String rate(TuningSettings settings) {
        String rate = Quantities.learningRate(settings.optimizer().learningRate());
        String schedule = settings.schedule().shape().toString().toLowerCase(Locale.ROOT);
        int warmUp = settings.schedule().warmUpSteps();
        return rate + ", " + schedule
                + (warmUp == 0 ? "" : " after " + warmUp + (warmUp == 1 ? " step" : " steps") + " of warm-up");
    }
}
