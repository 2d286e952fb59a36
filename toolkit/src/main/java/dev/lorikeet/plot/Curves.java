package dev.lorikeet.plot;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.history.History;
import dev.lorikeet.train.history.LearningRateTest;
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

    /** From so many steps on, the training loss is drawn as a smoothed line with the steps as points beside it. */
    private static final int SMOOTHED_FROM = 50;

    /** Weight of the past in the smoothed loss. */
    private static final double DECAY = 0.9;

    private Curves() {}

    /**
     * Mean losses after an update, measured in an evaluation or at the end of the run.
     *
     * @param epoch epochs done
     * @param examples examples trained on
     */
    private record Losses(double epoch, double examples, double train, double validation) {}

    /** The evaluations, and the losses at the end of the run unless the last evaluation was there. */
    private static List<Losses> evaluated(History history) {
        Stream<Losses> evaluations = history.evaluations().stream()
                .map(each -> new Losses(each.epoch(), each.examplesSeen(), each.trainLoss(), each.validationLoss()));
        int last = history.evaluations().isEmpty()
                ? Integer.MAX_VALUE
                : history.evaluations().get(history.evaluations().size() - 1).step();
        Stream<Losses> end = history.epochs().stream()
                .skip(Math.max(0, history.epochs().size() - 1))
                .filter(each -> each.step() > last && Double.isFinite(each.trainLoss()))
                .map(each -> new Losses(each.epoch(), each.examplesSeen(), each.trainLoss(), each.validationLoss()));
        return Stream.concat(evaluations, end).toList();
    }

    static Chart losses(History history) {
        List<Losses> losses = evaluated(history);
        if (losses.isEmpty()) {
            return stepLosses(history);
        }
        double[] epochs = values(losses, Losses::epoch);
        return overEpochs("Loss", history)
                .y(Axis.of("Loss"))
                .line("Training", epochs, values(losses, Losses::train))
                .line("Validation", epochs, values(losses, Losses::validation));
    }

    /** Training and validation losses of several runs, over examples, since their epochs may differ. */
    static Chart losses(List<TrainingRun> runs) {
        Chart chart = Chart.titled("Loss").x(Axis.of("Examples seen")).y(Axis.of("Loss"));
        for (TrainingRun run : runs) {
            chart = chart.add(smoothed(run));
            if (hasValidation(run.history())) {
                chart = chart.add(validation(run, run.name() + ", validation"));
            }
        }
        return chart;
    }

    private static Series smoothed(TrainingRun run) {
        History.StepRecord[] steps = steps(run.history());
        int each = thinning(steps);
        return Series.line(
                run.name() + ", training",
                thinned(steps, each, History.StepRecord::examplesSeen, true),
                last(smoothed(steps), each));
    }

    private static boolean hasValidation(History history) {
        return evaluated(history).stream().anyMatch(each -> Double.isFinite(each.validation()));
    }

    static Chart stepLosses(History history) {
        History.StepRecord[] steps = steps(history);
        int each = thinning(steps);
        double[] epochs = thinned(steps, each, History.StepRecord::epoch, true);
        Series points = Series.line(
                each == 1 ? "Training, each step" : "Training, mean of " + each + " steps",
                epochs,
                thinned(steps, each, History.StepRecord::loss, false));
        boolean many = steps.length >= SMOOTHED_FROM;
        Chart chart = overEpochs("Loss", history)
                .y(Axis.of("Loss"))
                .add(many ? Series.line("Training, smoothed", epochs, last(smoothed(steps), each)) : points);
        if (hasValidation(history)) {
            List<Losses> losses = evaluated(history);
            chart = chart.add(points("Validation", values(losses, Losses::epoch), values(losses, Losses::validation)));
        }
        return many ? chart.add(points.style(Series.Style.MARKERS).inTheBackground()) : chart;
    }

    /** The exponential moving average of the losses, corrected for its start; a loss that is not finite leaves it as it was. */
    private static double[] smoothed(History.StepRecord[] steps) {
        double[] smoothed = new double[steps.length];
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < steps.length; i++) {
            if (Double.isFinite(steps[i].loss())) {
                sum = DECAY * sum + (1 - DECAY) * steps[i].loss();
                weight = DECAY * weight + (1 - DECAY);
            }
            smoothed[i] = sum / weight;
        }
        return smoothed;
    }

    private static int thinning(History.StepRecord[] steps) {
        return (steps.length + MOST_POINTS - 1) / MOST_POINTS;
    }

    /** The last of every {@code each} values. */
    private static double[] last(double[] values, int each) {
        return IntStream.range(0, (values.length + each - 1) / each)
                .mapToDouble(i -> values[Math.min(values.length, (i + 1) * each) - 1])
                .toArray();
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
        boolean validated = runs.stream().allMatch(run -> hasValidation(run.history()));
        Chart chart = Chart.titled(validated ? "Validation loss" : "Training loss")
                .x(Axis.of("Examples seen"))
                .y(Axis.of("Loss"));
        for (TrainingRun run : runs) {
            chart = chart.add(validated ? validation(run, run.name()) : training(run));
        }
        return chart;
    }

    private static Series validation(TrainingRun run, String name) {
        List<Losses> losses = evaluated(run.history());
        return points(name, values(losses, Losses::examples), values(losses, Losses::validation));
    }

    private static Series training(TrainingRun run) {
        History.StepRecord[] steps = steps(run.history());
        int each = thinning(steps);
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
                        look.trainLoss(),
                        look.validationLoss(),
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
