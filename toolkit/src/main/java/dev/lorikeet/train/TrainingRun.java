package dev.lorikeet.train;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import java.util.Locale;
import java.util.OptionalDouble;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

/**
 * A training run that has ended.
 *
 * @param name what tables and charts call it
 * @param settings it ran with
 * @param history step by step
 * @param seconds from start to end, evaluations included
 * @param peakGiB most resident host memory during the run, where the system tells
 * @param ending why it ended
 */
public record TrainingRun(
        String name, TuningSettings settings, History history, double seconds, OptionalDouble peakGiB, Ending ending)
        implements Renderable {

    /** Why a run ended. */
    public enum Ending {
        COMPLETED("completed"),
        STEP_LIMIT("ended at its limit of steps"),
        EARLY("ended early, as the validation loss no longer improved"),
        INTERRUPTED("stopped by an interrupt"),
        DIVERGED("ended, as its gradients were no longer numbers; the last update was left out");

        private final String words;

        Ending(String words) {
            this.words = words;
        }
    }

    public int steps() {
        return history.steps().size();
    }

    /** Real tokens trained on, without padding. */
    public long tokens() {
        return steps() == 0 ? 0 : history.steps().get(steps() - 1).tokensSeen();
    }

    /** Whether an interrupt ended it. */
    public boolean stopped() {
        return ending == Ending.INTERRUPTED;
    }

    /** The updates as a table: step, epoch, examples, tokens, loss, accuracy, gradient norm, learning rate, seconds. */
    public Table stepTable() {
        Table table = Table.create(
                "Steps of " + name,
                IntColumn.create("step"),
                DoubleColumn.create("epoch"),
                LongColumn.create("examples seen"),
                LongColumn.create("tokens seen"),
                DoubleColumn.create("loss"),
                DoubleColumn.create("accuracy"),
                DoubleColumn.create("gradient norm"),
                DoubleColumn.create("learning rate"),
                DoubleColumn.create("seconds"));
        for (History.Step step : history.steps()) {
            table.intColumn(0).append(step.step());
            table.doubleColumn(1).append(step.epoch());
            table.longColumn(2).append(step.examplesSeen());
            table.longColumn(3).append(step.tokensSeen());
            table.doubleColumn(4).append(step.loss());
            table.doubleColumn(5).append(step.accuracy());
            table.doubleColumn(6).append(step.gradientNorm());
            table.doubleColumn(7).append(step.learningRate());
            table.doubleColumn(8).append(step.seconds());
        }
        return table;
    }

    /** The evaluations as a table: step, epoch, examples seen, training loss, validation loss. */
    public Table losses() {
        Table table = Table.create(
                "Losses of " + name,
                IntColumn.create("step"),
                DoubleColumn.create("epoch"),
                LongColumn.create("examples seen"),
                DoubleColumn.create("training loss"),
                DoubleColumn.create("validation loss"));
        for (History.Evaluation evaluation : history.evaluations()) {
            table.intColumn(0).append(evaluation.step());
            table.doubleColumn(1).append(evaluation.epoch());
            table.longColumn(2).append(evaluation.examplesSeen());
            table.doubleColumn(3).append(evaluation.trainLoss());
            table.doubleColumn(4).append(evaluation.validationLoss());
        }
        return table;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %s after %d steps, %,d tokens in %.2f minutes (%.0f tokens/s)%s",
                name,
                ending.words,
                steps(),
                tokens(),
                seconds / 60,
                tokens() / seconds,
                peakGiB.isPresent()
                        ? String.format(Locale.ROOT, ", peak host memory %.2f GiB", peakGiB.getAsDouble())
                        : "");
    }

    @Override
    public String html() {
        HtmlTable table = HtmlTable.of("Run", name)
                .row("Ending", ending.words)
                .row("Steps", String.valueOf(steps()))
                .row("Time", String.format(Locale.ROOT, "%.2f minutes", seconds / 60))
                .row("Tokens", String.format(Locale.ROOT, "%,d (%.0f a second)", tokens(), tokens() / seconds));
        if (steps() > 0) {
            table.row(
                    "Last loss",
                    String.format(
                            Locale.ROOT,
                            "%.4f",
                            history.steps().get(steps() - 1).loss()));
        }
        peakGiB.ifPresent(peak -> table.row("Peak host memory", String.format(Locale.ROOT, "%.2f GiB", peak)));
        return table.html();
    }
}
