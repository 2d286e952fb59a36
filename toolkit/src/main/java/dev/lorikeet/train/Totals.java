package dev.lorikeet.train;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.train.history.History;
import java.util.Locale;

/**
 * The closing metrics of a run, as transformers' Trainer prints them.
 *
 * @param globalStep number of updates
 * @param epoch passes over the training set
 * @param runtime seconds, evaluations and checkpoints included
 * @param samplesPerSecond examples a second
 * @param stepsPerSecond updates a second
 * @param trainLoss mean loss over the updates; {@link TrainingRun#loss} is the mean over the targets
 * @param tokens tokens trained on, without padding
 * @param totalFlops 6 · positions · parameters; see {@link TrainingRun#flops}
 */
public record Totals(
        int globalStep,
        double epoch,
        double runtime,
        double samplesPerSecond,
        double stepsPerSecond,
        double trainLoss,
        long tokens,
        double totalFlops)
        implements Renderable {

    static Totals of(TrainingRun run) {
        History history = run.history();
        int steps = run.steps();
        History.StepRecord last = steps == 0 ? null : history.steps().get(steps - 1);
        return new Totals(
                steps,
                last == null ? 0 : last.epoch(),
                run.seconds(),
                last == null ? 0 : last.examplesSeen() / run.seconds(),
                steps / run.seconds(),
                history.steps().stream()
                        .mapToDouble(History.StepRecord::loss)
                        .average()
                        .orElse(Double.NaN),
                run.tokens(),
                run.flops());
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "global step %,d, epoch %.2f, runtime %s, %.3f samples/s, %.3f steps/s, train loss %s, %,d tokens, %.4e FLOPs",
                globalStep,
                epoch,
                Quantities.time(runtime),
                samplesPerSecond,
                stepsPerSecond,
                Quantities.loss(trainLoss),
                tokens,
                totalFlops);
    }

    @Override
    public String html() {
        return HtmlTable.of(
                        "Global step",
                        "Epoch",
                        "Runtime",
                        "Samples/s",
                        "Steps/s",
                        "Train loss",
                        "Tokens",
                        "Total FLOPs")
                .row(
                        globalStep,
                        String.format(Locale.ROOT, "%.2f", epoch),
                        Quantities.time(runtime),
                        String.format(Locale.ROOT, "%.3f", samplesPerSecond),
                        String.format(Locale.ROOT, "%.3f", stepsPerSecond),
                        Quantities.loss(trainLoss),
                        tokens,
                        String.format(Locale.ROOT, "%.4e", totalFlops))
                .html();
    }
}
