package dev.lorikeet.train.sweep;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.Tables;
import dev.lorikeet.train.TrainingRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What came of a sweep.
 *
 * @param name of the training that was repeated
 * @param planned the number of trials
 * @param results of the trials that ended, in the order of the trials
 */
public record SweepResult(String name, int planned, List<TrialResult> results) implements Renderable {

    public SweepResult {
        results = results.stream()
                .sorted(Comparator.comparingInt(result -> result.trial().number()))
                .toList();
    }

    /** Whether an interrupt ended the sweep before all trials had ended. */
    public boolean interrupted() {
        return results.size() < planned;
    }

    /**
     * The trial with the lowest validation loss, or the lowest mean training loss where nothing was validated.
     *
     * @throws LorikeetException if no trial came to its end
     */
    public TrialResult best() {
        return lowest().orElseThrow(() -> new LorikeetException("No trial of the sweep came to its end; "
                + results.stream()
                        .map(result -> result.trial() + " " + result.ending())
                        .findFirst()
                        .orElse("none ended")));
    }

    private Optional<TrialResult> lowest() {
        return results.stream().filter(TrialResult::isWhole).min(Comparator.comparingDouble(TrialResult::loss));
    }

    /** Whether the trials were validated, so that their validation losses are compared. */
    public boolean isValidated() {
        return results.stream().anyMatch(result -> result.validation().examples() > 0);
    }

    /**
     * The trials as a table: trial, targets, rank, alpha, learning rate, trained parameters, training loss (the mean of the run), and
     * where there is a validation split its loss and accuracy; seconds, ending.
     */
    public Table table() {
        Table table = Tables.create(
                "Sweep of " + name,
                IntColumn.create("trial", ints(result -> result.trial().number())),
                StringColumn.create(
                        "targets",
                        texts(result -> result.trial().lora().targetModules().toString())),
                IntColumn.create("rank", ints(result -> result.trial().lora().rank())),
                DoubleColumn.create(
                        "alpha", numbers(result -> result.trial().lora().alpha())),
                DoubleColumn.create(
                        "learning rate", numbers(result -> result.trial().learningRate())),
                LongColumn.create(
                        "trained parameters",
                        results.stream().mapToLong(TrialResult::parameters).toArray()),
                DoubleColumn.create("training loss", numbers(result -> ofRun(result, TrainingRun::loss))));
        if (isValidated()) {
            table.addColumns(
                    DoubleColumn.create("validation loss", numbers(result -> result.validation()
                            .loss())),
                    DoubleColumn.create("validation accuracy", numbers(result -> result.validation()
                            .accuracy())));
        }
        return table.addColumns(
                DoubleColumn.create("seconds", numbers(result -> ofRun(result, TrainingRun::seconds))),
                StringColumn.create("ending", texts(TrialResult::ending)));
    }

    private static double ofRun(TrialResult result, ToDoubleFunction<TrainingRun> value) {
        return result.run().map(value::applyAsDouble).orElse(Double.NaN);
    }

    private int[] ints(Function<TrialResult, Integer> value) {
        return results.stream().mapToInt(value::apply).toArray();
    }

    private double[] numbers(ToDoubleFunction<TrialResult> value) {
        return results.stream().mapToDouble(value).toArray();
    }

    private List<String> texts(Function<TrialResult, String> value) {
        return results.stream().map(value).toList();
    }

    @Override
    public String toString() {
        String ended = "Sweep of %s: %s"
                .formatted(
                        name,
                        interrupted()
                                ? "interrupted after %d of %s"
                                        .formatted(results.size(), Quantities.counted(planned, "trial"))
                                : Quantities.counted(planned, "trial"));
        return ended
                + lowest().map(best ->
                                "; the best is %s: loss %s".formatted(best.trial(), Quantities.loss(best.loss())))
                        .orElse("");
    }

    @Override
    public String html() {
        HtmlTable html = isValidated()
                ? HtmlTable.of(
                        "Trial",
                        "Targets",
                        "Rank",
                        "Alpha",
                        "Learning rate",
                        "Trained",
                        "Validation loss",
                        "Accuracy",
                        "Time",
                        "Ending")
                : HtmlTable.of(
                        "Trial",
                        "Targets",
                        "Rank",
                        "Alpha",
                        "Learning rate",
                        "Trained",
                        "Training loss",
                        "Time",
                        "Ending");
        results.forEach(result -> html.row(cells(result)));
        return html.title(toString()).html();
    }

    private List<Object> cells(TrialResult result) {
        List<Object> cells = new ArrayList<>(List.of(
                result.trial().number(),
                result.trial().lora().targetModules().toString(),
                result.trial().lora().rank(),
                Trial.alpha(result.trial().lora().alpha()),
                Quantities.learningRate(result.trial().learningRate()),
                result.parameters(),
                Quantities.loss(result.loss())));
        if (isValidated()) {
            cells.add(Quantities.percent(result.validation().accuracy()));
        }
        cells.add(Quantities.time(ofRun(result, TrainingRun::seconds)));
        cells.add(result.ending());
        return cells;
    }
}
