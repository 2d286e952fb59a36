package dev.lorikeet.train;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import java.util.Locale;

/**
 * The closing record of a run, as transformers gives it.
 *
 * @param globalStep updates
 * @param epoch times through the training set, as a fraction
 * @param runtime seconds, evaluations and checkpoints included
 * @param samplesPerSecond examples
 * @param stepsPerSecond updates
 * @param trainLoss mean over the updates, each counted once; {@link TrainingRun#loss} counts each target once
 * @param tokens real ones, without padding
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
        History.Step last = steps == 0 ? null : history.steps().get(steps - 1);
        return new Totals(
                steps,
                last == null ? 0 : last.epoch(),
                run.seconds(),
                last == null ? 0 : last.examplesSeen() / run.seconds(),
                steps / run.seconds(),
                history.steps().stream()
                        .mapToDouble(History.Step::loss)
                        .average()
                        .orElse(Double.NaN),
                run.tokens(),
                run.flops());
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "global step %d, epoch %.2f, runtime %.1f s, %.3f samples/s, %.3f steps/s, train loss %.4f, %,d tokens, %.4e FLOPs",
                globalStep,
                epoch,
                runtime,
                samplesPerSecond,
                stepsPerSecond,
                trainLoss,
                tokens,
                totalFlops);
    }

    @Override
    public String html() {
        return HtmlTable.of(
                        "Global step",
                        "Epoch",
                        "Runtime (s)",
                        "Samples/s",
                        "Steps/s",
                        "Train loss",
                        "Tokens",
                        "Total FLOPs")
                .row(
                        globalStep,
                        String.format(Locale.ROOT, "%.2f", epoch),
                        String.format(Locale.ROOT, "%.1f", runtime),
                        String.format(Locale.ROOT, "%.3f", samplesPerSecond),
                        String.format(Locale.ROOT, "%.3f", stepsPerSecond),
                        String.format(Locale.ROOT, "%.4f", trainLoss),
                        tokens,
                        String.format(Locale.ROOT, "%.4e", totalFlops))
                .html();
    }
}
