package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.Tables;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.history.History;
import java.io.Serializable;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The result of a training run.
 *
 * @param name name of the run in tables and charts
 * @param settings settings of the run
 * @param computeDtype type of the model's matrix products, on which the last digits of the losses depend
 * @param history losses and other metrics, step by step
 * @param seconds training time, evaluations included
 * @param memory peak memory and its parts
 * @param ending why the run ended
 * @param flops floating-point operations by transformers' estimate (Kaplan et al. 2020): 6 · tokens · parameters; tokens include
 *     padding; parameters include frozen weights and adapters, but not embeddings; a 4-bit weight counts as one
 */
public record TrainingRun(
        String name,
        TuningSettings settings,
        DType computeDtype,
        History history,
        double seconds,
        MemoryBreakdown memory,
        Ending ending,
        double flops)
        implements Renderable, Serializable {

    /** Steps at the start that {@link #stepSeconds} leaves out. */
    private static final int WARM_UP = 3;

    /** A notebook cannot reach the error of an earlier cell, and so not the record in it. */
    private static volatile TrainingRun lastFailed;

    /** Why a run ended. */
    public enum Ending {
        COMPLETED("completed"),
        STEP_LIMIT("reached its step limit"),
        EARLY("stopped early, as the validation loss no longer improved"),
        INTERRUPTED("interrupted"),
        DIVERGED("diverged: the gradients were not finite; the last update was skipped"),
        FAILED("failed");

        private final String description;

        Ending(String description) {
            this.description = description;
        }

        /** The ending in words, such as "stopped early, as the validation loss no longer improved". */
        public String description() {
            return description;
        }
    }

    /** The record of the last run in this process that an error ended; see {@link TrainingFailedException}. */
    public static Optional<TrainingRun> lastFailed() {
        return Optional.ofNullable(lastFailed);
    }

    static void failed(TrainingRun run) {
        lastFailed = run;
    }

    /** The mean training loss over all targets of the run, as Keras reports it. */
    public double loss() {
        return mean(History.StepRecord::loss);
    }

    /** The training accuracy over all targets of the run, 0 to 1. */
    public double accuracy() {
        return mean(History.StepRecord::accuracy);
    }

    private double mean(ToDoubleFunction<History.StepRecord> value) {
        long targets =
                history.steps().stream().mapToLong(History.StepRecord::targets).sum();
        return history.steps().stream()
                        .mapToDouble(step -> step.targets() * value.applyAsDouble(step))
                        .sum()
                / targets;
    }

    /** The median duration of a step in seconds, without evaluations and without the first steps. */
    public double stepSeconds() {
        double[] seconds = history.steps().stream()
                .skip(Math.max(0, Math.min(WARM_UP, steps() - 1)))
                .mapToDouble(History.StepRecord::stepSeconds)
                .sorted()
                .toArray();
        return seconds.length == 0 ? Double.NaN : (seconds[(seconds.length - 1) / 2] + seconds[seconds.length / 2]) / 2;
    }

    /** The number of updates. */
    public int steps() {
        return history.steps().size();
    }

    /** The number of tokens trained on, without padding. */
    public long tokens() {
        return steps() == 0 ? 0 : history.steps().get(steps() - 1).tokensSeen();
    }

    /** The closing metrics: steps, speed, mean loss, tokens, operations. */
    public Totals totals() {
        return Totals.of(this);
    }

    /** The log as {@link #log(int)} gives it, with the interval of the printed losses, or 25. */
    public Table log() {
        return log(settings.logEvery() > 0 ? settings.logEvery() : 25);
    }

    /**
     * The mean training loss over intervals of {@code every} updates, as transformers logs it: step (from 1), epoch, training
     * loss, learning rate of the last update. An incomplete last interval is left out.
     */
    public Table log(int every) {
        BadArgumentException.unless(every > 0, "every", every, "at least 1 step");
        Table table = Tables.create(
                "Training loss of " + name,
                IntColumn.create("step"),
                DoubleColumn.create("epoch"),
                DoubleColumn.create("training loss"),
                DoubleColumn.create("learning rate"));
        for (int end = every; end <= steps(); end += every) {
            History.StepRecord last = history.steps().get(end - 1);
            table.intColumn(0).append(end);
            table.doubleColumn(1).append(last.epoch());
            table.doubleColumn(2)
                    .append(history.steps().subList(end - every, end).stream()
                            .mapToDouble(History.StepRecord::loss)
                            .average()
                            .orElseThrow());
            table.doubleColumn(3).append(last.learningRate());
        }
        return table;
    }

    /** Whether an interrupt ended the run. */
    public boolean interrupted() {
        return ending == Ending.INTERRUPTED;
    }

    /** The updates as a table: step, epoch, examples, tokens, loss, accuracy, gradient norm, learning rate, seconds. */
    public Table stepTable() {
        Table table = Tables.create(
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
        for (History.StepRecord step : history.steps()) {
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

    /** Writes the updates to a CSV file as {@link #toCsv(Path)} does. */
    public Path toCsv(String file) {
        return toCsv(Path.of(file));
    }

    /**
     * Writes the updates to a CSV file, a row each: {@link #stepTable}, and where losses were evaluated, the training and
     * validation loss on those batches. The file is written whole or not at all.
     *
     * @return the file
     * @throws dev.lorikeet.base.BadFileException if it cannot be written
     */
    public Path toCsv(Path file) {
        Table table = stepTable();
        if (!history.evaluations().isEmpty()) {
            double[] train = new double[steps()];
            double[] validation = new double[steps()];
            Arrays.fill(train, Double.NaN);
            Arrays.fill(validation, Double.NaN);
            for (History.EvaluationRecord evaluation : history.evaluations()) {
                if (evaluation.step() < steps()) {
                    train[evaluation.step()] = evaluation.trainLoss();
                    validation[evaluation.step()] = evaluation.validationLoss();
                }
            }
            table.addColumns(
                    DoubleColumn.create("evaluated training loss", train),
                    DoubleColumn.create("validation loss", validation));
        }
        StringWriter text = new StringWriter();
        table.write().csv(text);
        AtomicFiles.writeText(file, text.toString());
        return file;
    }

    /** The evaluations as a table: step, epoch, examples seen, training loss, validation loss. */
    public Table losses() {
        Table table = Tables.create(
                "Losses of " + name,
                IntColumn.create("step"),
                DoubleColumn.create("epoch"),
                LongColumn.create("examples seen"),
                DoubleColumn.create("training loss"),
                DoubleColumn.create("validation loss"));
        for (History.EvaluationRecord evaluation : history.evaluations()) {
            table.intColumn(0).append(evaluation.step());
            table.doubleColumn(1).append(evaluation.epoch());
            table.longColumn(2).append(evaluation.examplesSeen());
            table.doubleColumn(3).append(evaluation.trainLoss());
            table.doubleColumn(4).append(evaluation.validationLoss());
        }
        return table;
    }

    /**
     * Compares runs: steps, median duration of a step in milliseconds, mean training loss and accuracy, peak memory in GiB.
     */
    public static Table table(TrainingRun... runs) {
        Table table = Tables.create(
                "Runs",
                StringColumn.create("run"),
                IntColumn.create("steps"),
                DoubleColumn.create("ms a step"),
                DoubleColumn.create("loss"),
                DoubleColumn.create("accuracy"),
                DoubleColumn.create("peak GiB"));
        for (TrainingRun run : runs) {
            table.stringColumn(0).append(run.name());
            table.intColumn(1).append(run.steps());
            table.doubleColumn(2).append(Math.rint(1000 * run.stepSeconds()));
            table.doubleColumn(3).append(run.loss());
            table.doubleColumn(4).append(run.accuracy());
            table.doubleColumn(5).append(run.memory().peak());
        }
        return table;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %s after %,d steps, %,d tokens in %s (%s) in %s, peak memory %s (%s)",
                name,
                ending.description,
                steps(),
                tokens(),
                Quantities.time(seconds),
                Quantities.tokensPerSecond(tokens() / seconds),
                computeDtype,
                Quantities.gib(memory.peak()),
                memory.measured());
    }

    @Override
    public String html() {
        HtmlTable table = HtmlTable.of("Run", name)
                .row("Ending", ending.description)
                .row("Steps", Quantities.count(steps()))
                .row("Time", Quantities.time(seconds))
                .row("Computed in", computeDtype.toString())
                .row(
                        "Tokens",
                        "%s (%s)"
                                .formatted(Quantities.count(tokens()), Quantities.tokensPerSecond(tokens() / seconds)));
        if (steps() > 0) {
            table.row(
                    "Last loss",
                    Quantities.loss(history.steps().get(steps() - 1).loss()));
        }
        return table.row("Peak memory", Quantities.gib(memory.peak()) + " (" + memory.measured() + ")")
                .html();
    }
}
