package dev.lorikeet.plot;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.train.History;
import dev.lorikeet.train.LearningRateTest;
import dev.lorikeet.train.TrainingRun;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Draws runs as lines over epochs or examples. */
final class Curves {

    private static final double MARGIN = 1.02;

    /** A line with more points than this is thinned: each point is the mean of several steps. */
    private static final int MOST_POINTS = 250;

    private Curves() {}

    static Chart losses(History history) {
        List<History.EvaluationRecord> evaluations = history.evaluations();
        if (evaluations.isEmpty()) {
            return stepLosses(history);
        }
        double[] epochs = values(evaluations, History.EvaluationRecord::epoch);
        return overEpochs("Loss", history)
                .y(Axis.of("Loss"))
                .line("Training", epochs, values(evaluations, History.EvaluationRecord::trainLoss))
                .line("Validation", epochs, values(evaluations, History.EvaluationRecord::validationLoss));
    }

    static Chart stepLosses(History history) {
        History.StepRecord[] steps = steps(history);
        int each = (steps.length + MOST_POINTS - 1) / MOST_POINTS;
        Chart chart = overEpochs("Loss", history)
                .y(Axis.of("Loss"))
                .line(
                        each == 1 ? "Training, each step" : "Training, mean of " + each + " steps",
                        thinned(steps, each, History.StepRecord::epoch, true),
                        thinned(steps, each, History.StepRecord::loss, false));
        double[] validation = values(history.evaluations(), History.EvaluationRecord::validationLoss);
        return Arrays.stream(validation).noneMatch(Double::isFinite)
                ? chart
                : chart.add(points(
                        "Validation", values(history.evaluations(), History.EvaluationRecord::epoch), validation));
    }

    static Chart accuracies(History history) {
        List<History.EpochRecord> ends = history.epochs().size() > 1 ? history.epochs() : looks(history);
        BadArgumentException.unless(
                !ends.isEmpty(), "history.epochs()", "empty", "a run that finished at least one epoch");
        double[] epochs = values(ends, History.EpochRecord::epoch);
        return overEpochs("Accuracy", history)
                .y(percentAxis(ends))
                .add(points("Training", epochs, values(ends, end -> 100 * end.trainAccuracy())))
                .add(points("Validation", epochs, values(ends, end -> 100 * end.validationAccuracy())));
    }

    static Chart learningRate(History history) {
        History.StepRecord[] steps = steps(history);
        return overEpochs("Learning rate", history)
                .y(Axis.of("Learning rate"))
                .line("Learning rate", epochs(steps), values(steps, History.StepRecord::learningRate));
    }

    static Chart learningRate(LearningRateTest test) {
        double[] rates = values(test.rates(), rate -> rate);
        double[] smoothed = values(test.smoothed(), loss -> loss);
        double lowest = Arrays.stream(smoothed).min().orElseThrow();
        double highest = Arrays.stream(smoothed).max().orElseThrow();
        return Chart.titled("Suggested learning rate: " + Look.number().format(test.suggestion()))
                .x(Axis.of("Learning rate").logarithmic())
                .y(Axis.of("Loss"))
                .line("Smoothed loss", rates, smoothed)
                .markers("Each update", rates, values(test.losses(), loss -> loss))
                .line("Suggestion", new double[] {test.suggestion(), test.suggestion()}, new double[] {
                    lowest, Math.max(highest, lowest + 1e-3)
                });
    }

    static Chart gradientNorms(History history, double clippedTo) {
        History.StepRecord[] steps = steps(history);
        Chart chart = overEpochs("Gradient norm before clipping", history)
                .y(Axis.of("Global norm"))
                .line("Each step", epochs(steps), values(steps, History.StepRecord::gradientNorm));
        double[] ends = {steps[0].epoch(), steps[steps.length - 1].epoch()};
        return clippedTo > 0 ? chart.line("Clipped to", ends, new double[] {clippedTo, clippedTo}) : chart;
    }

    static Chart compared(List<TrainingRun> runs) {
        BadArgumentException.unless(!runs.isEmpty(), "runs", "none", "at least one");
        boolean validated = runs.stream().allMatch(run -> run.history().evaluations().stream()
                .anyMatch(evaluation -> Double.isFinite(evaluation.validationLoss())));
        Chart chart = Chart.titled(validated ? "Validation loss" : "Training loss")
                .x(Axis.of("Examples seen"))
                .y(Axis.of("Loss"));
        for (TrainingRun run : runs) {
            chart = chart.add(validated ? validation(run) : training(run));
        }
        return chart;
    }

    private static Series validation(TrainingRun run) {
        List<History.EvaluationRecord> evaluations = run.history().evaluations();
        return points(
                run.name(),
                values(evaluations, History.EvaluationRecord::examplesSeen),
                values(evaluations, History.EvaluationRecord::validationLoss));
    }

    private static Series training(TrainingRun run) {
        History.StepRecord[] steps = steps(run.history());
        int each = (steps.length + MOST_POINTS - 1) / MOST_POINTS;
        return Series.line(
                run.name(),
                thinned(steps, each, History.StepRecord::examplesSeen, true),
                thinned(steps, each, History.StepRecord::loss, false));
    }

    private static History.StepRecord[] steps(History history) {
        BadArgumentException.unless(!history.steps().isEmpty(), "history", "empty", "a run of at least one step");
        return history.steps().toArray(History.StepRecord[]::new);
    }

    /** Takes the last value, or the mean, of every {@code each} steps. */
    private static double[] thinned(
            History.StepRecord[] steps, int each, ToDoubleFunction<History.StepRecord> value, boolean last) {
        return IntStream.range(0, (steps.length + each - 1) / each)
                .mapToDouble(i -> {
                    int end = Math.min(steps.length, (i + 1) * each);
                    return Arrays.stream(steps, last ? end - 1 : i * each, end)
                            .mapToDouble(value)
                            .average()
                            .orElse(Double.NaN);
                })
                .toArray();
    }

    /** The accuracies of the evaluations, then of the end. */
    private static List<History.EpochRecord> looks(History history) {
        Stream<History.EpochRecord> looks = history.evaluations().stream()
                .map(look -> new History.EpochRecord(
                        look.epoch(),
                        look.step(),
                        look.examplesSeen(),
                        look.trainAccuracy(),
                        look.validationAccuracy()));
        return Stream.concat(looks, history.epochs().stream()).toList();
    }

    /** A chart over epochs (bottom) and examples seen (top), which ends just after the run. */
    private static Chart overEpochs(String title, History history) {
        Chart chart = Chart.titled(title).x(Axis.of("Epochs"));
        return end(history)
                .map(end -> chart.x(Axis.of("Epochs").range(0, MARGIN * end.epoch()))
                        .top(Axis.of("Examples seen").range(0, MARGIN * end.examples())))
                .orElse(chart);
    }

    private record RunEnd(double epoch, double examples) {}

    private static Optional<RunEnd> end(History history) {
        Stream<RunEnd> steps = history.steps().stream().map(step -> new RunEnd(step.epoch(), step.examplesSeen()));
        Stream<RunEnd> evaluations = history.evaluations().stream()
                .map(evaluation -> new RunEnd(evaluation.epoch(), evaluation.examplesSeen()));
        Stream<RunEnd> epochs = history.epochs().stream().map(end -> new RunEnd(end.epoch(), end.examplesSeen()));
        return Stream.of(steps, evaluations, epochs)
                .flatMap(places -> places)
                .filter(place -> place.epoch() > 0 && place.examples() > 0)
                .max(Comparator.comparingDouble(RunEnd::epoch));
    }

    /** From the last multiple of five below the data to a little over 100 %, so that a line at 100 is whole. */
    private static Axis percentAxis(List<History.EpochRecord> ends) {
        double lowest = ends.stream()
                .flatMapToDouble(end -> Arrays.stream(new double[] {end.trainAccuracy(), end.validationAccuracy()}))
                .filter(Double::isFinite)
                .min()
                .orElse(0);
        return Axis.of("Accuracy").unit("%").range(Math.max(0, 5 * Math.floor(20 * lowest - 1)), 101);
    }

    private static Series points(String name, double[] xs, double[] ys) {
        return Series.line(name, xs, ys).style(Series.Style.LINE_AND_MARKERS);
    }

    private static double[] epochs(History.StepRecord[] steps) {
        return values(steps, History.StepRecord::epoch);
    }

    private static double[] values(History.StepRecord[] steps, ToDoubleFunction<History.StepRecord> value) {
        return values(List.of(steps), value);
    }

    private static <T> double[] values(List<T> entries, ToDoubleFunction<T> value) {
        return entries.stream().mapToDouble(value).toArray();
    }
}
