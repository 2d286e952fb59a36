package dev.lorikeet.plot;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.memory.Measured;
import dev.lorikeet.memory.MemoryReport;
import dev.lorikeet.train.History;
import dev.lorikeet.train.MemoryBreakdown;
import dev.lorikeet.train.TrainingRun;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The charts of the tutorials. */
public final class Plots {

    private static final int MOST_BARS = 40;
    private static final double AIR = 1.02;

    /** For the value that stands over the highest bar. */
    private static final double ROOM_ABOVE = 1.1;

    private Plots() {}

    /** {@link #losses(History)} of a run. */
    public static Chart losses(TrainingRun run) {
        return losses(run.history());
    }

    /** {@link #accuracies(History)} of a run. */
    public static Chart accuracies(TrainingRun run) {
        return accuracies(run.history());
    }

    /**
     * Training and validation loss over epochs (bottom) and examples seen (top): from the evaluations, or where there was
     * none, the loss of each step.
     */
    public static Chart losses(History history) {
        List<History.Evaluation> evaluations = history.evaluations();
        if (evaluations.isEmpty()) {
            return stepLosses(history);
        }
        double[] epochs = values(evaluations, History.Evaluation::epoch);
        return overEpochs("Loss", history)
                .y(Axis.of("Loss"))
                .line("Training", epochs, values(evaluations, History.Evaluation::trainLoss))
                .line("Validation", epochs, values(evaluations, History.Evaluation::validationLoss));
    }

    /**
     * Training and validation accuracy in percent, over epochs and examples seen: at the end of each epoch, or where there
     * are less than two, at each evaluation.
     */
    public static Chart accuracies(History history) {
        List<History.EpochEnd> ends = history.epochs().size() > 1 ? history.epochs() : looks(history);
        BadArgumentException.unless(
                !ends.isEmpty(), "history.epochs()", "empty", "a run that finished at least one epoch");
        double[] epochs = values(ends, History.EpochEnd::epoch);
        return overEpochs("Accuracy", history)
                .y(percentAxis(ends))
                .add(withMarkers(Series.line("Training", epochs, values(ends, end -> 100 * end.trainAccuracy()))))
                .add(withMarkers(
                        Series.line("Validation", epochs, values(ends, end -> 100 * end.validationAccuracy()))));
    }

    /** The accuracies of the evaluations, then of the end. */
    private static List<History.EpochEnd> looks(History history) {
        Stream<History.EpochEnd> looks = history.evaluations().stream()
                .map(look -> new History.EpochEnd(
                        look.epoch(),
                        look.step(),
                        look.examplesSeen(),
                        look.trainAccuracy(),
                        look.validationAccuracy()));
        return Stream.concat(looks, history.epochs().stream()).toList();
    }

    /**
     * How many texts have how many tokens, in bars of equal width.
     *
     * @param lengths tokens of each text
     */
    public static Chart tokenLengths(int[] lengths, String title) {
        BadArgumentException.unless(lengths.length > 0, "lengths", "empty", "the length of at least one text");
        int longest = Arrays.stream(lengths).max().getAsInt();
        int width = barWidth(longest);
        double[] counts = new double[longest / width + 1];
        for (int length : lengths) {
            BadArgumentException.unless(length >= 0, "lengths", length, "numbers of tokens, 0 or more");
            counts[length / width]++;
        }
        double[] middles = IntStream.range(0, counts.length)
                .mapToDouble(bar -> bar * width + (width - 1) / 2.0)
                .toArray();
        List<String> labels = IntStream.range(0, counts.length)
                .mapToObj(bar -> width == 1 ? "" + bar : bar * width + " to " + ((bar + 1) * width - 1))
                .toList();
        double mean = Arrays.stream(lengths).average().getAsDouble();
        return Chart.titled(String.format(Locale.ROOT, "%s (mean %.0f, longest %d)", title, mean, longest))
                .x(Axis.of("Tokens"))
                .y(Axis.of("Texts"))
                .add(Series.bars(title, middles, counts).labels(labels));
    }

    /** The peak memory of runs as bars; what was measured stands in the axis. */
    public static Chart memory(MemoryReport... runs) {
        return peaks(
                Arrays.stream(runs).map(MemoryReport::name).toList(),
                Arrays.stream(runs).mapToDouble(MemoryReport::peakGiB).toArray(),
                Arrays.stream(runs)
                        .flatMap(run -> run.measured().stream())
                        .distinct()
                        .toList());
    }

    /** The peak memory of runs as bars; what was measured stands in the axis. */
    public static Chart memory(TrainingRun... runs) {
        return peaks(
                Arrays.stream(runs).map(TrainingRun::name).toList(),
                Arrays.stream(runs).mapToDouble(run -> run.memory().peak()).toArray(),
                Arrays.stream(runs)
                        .map(run -> run.memory().measured())
                        .distinct()
                        .toList());
    }

    private static Chart peaks(List<String> names, double[] peaks, List<Measured> measured) {
        BadArgumentException.unless(peaks.length > 0, "runs", "none", "at least one");
        String what = measured.stream().map(Measured::toString).collect(Collectors.joining("; "));
        double most = Arrays.stream(peaks).max().getAsDouble();
        return Chart.titled("Peak memory")
                .x(Axis.of(what).categories(names))
                .y(Axis.of("Peak memory").unit("GiB").range(0, ROOM_ABOVE * most))
                .add(Series.bars("Peak memory", places(peaks.length), peaks).labels(names));
    }

    /** Of what the memory of runs was made: a bar each, its parts on each other, the measured peak as a mark. */
    public static Chart memoryParts(TrainingRun... runs) {
        return memoryParts(Arrays.stream(runs).map(TrainingRun::memory).toArray(MemoryBreakdown[]::new));
    }

    /** Of what the memory of runs was made: a bar each, its parts on each other, the measured peak as a mark. */
    public static Chart memoryParts(MemoryBreakdown... runs) {
        BadArgumentException.unless(runs.length > 0, "runs", "none", "at least one");
        List<String> names = Arrays.stream(runs).map(MemoryBreakdown::name).toList();
        String what = Arrays.stream(runs)
                .map(run -> run.measured().toString())
                .distinct()
                .collect(Collectors.joining("; "));
        Chart chart = Chart.titled("What the memory is made of")
                .x(Axis.of(what).categories(names))
                .y(Axis.of("Memory").unit("GiB"))
                .stackBars();
        int parts = runs[0].parts().list().size();
        for (int i = 0; i < parts; i++) {
            int part = i;
            double[] gib = Arrays.stream(runs)
                    .mapToDouble(run -> run.parts().list().get(part).gib())
                    .toArray();
            String name = runs[0].parts().list().get(part).name();
            chart = chart.add(Series.bars(name, places(runs.length), gib).labels(names));
        }
        double[] peaks = Arrays.stream(runs).mapToDouble(MemoryBreakdown::peak).toArray();
        return chart.add(
                Series.markers("measured peak", places(runs.length), peaks).labels(names));
    }

    private static double[] places(int count) {
        return IntStream.range(0, count).asDoubleStream().toArray();
    }

    private static Chart stepLosses(History history) {
        List<History.Step> steps = history.steps();
        BadArgumentException.unless(!steps.isEmpty(), "history", "empty", "a run of at least one step");
        return overEpochs("Loss", history)
                .y(Axis.of("Loss"))
                .line("Training, each step", values(steps, History.Step::epoch), values(steps, History.Step::loss));
    }

    /** A chart whose bottom axis ends just after the run and whose top axis has the examples seen until then. */
    private static Chart overEpochs(String title, History history) {
        Chart chart = Chart.titled(title).x(Axis.of("Epochs"));
        return end(history)
                .map(end -> chart.x(Axis.of("Epochs").range(0, AIR * end.epoch()))
                        .top(Axis.of("Examples seen").range(0, AIR * end.examples())))
                .orElse(chart);
    }

    private record Place(double epoch, double examples) {}

    private static Optional<Place> end(History history) {
        Stream<Place> steps = history.steps().stream().map(step -> new Place(step.epoch(), step.examplesSeen()));
        Stream<Place> evaluations = history.evaluations().stream()
                .map(evaluation -> new Place(evaluation.epoch(), evaluation.examplesSeen()));
        Stream<Place> epochs = history.epochs().stream().map(end -> new Place(end.epoch(), end.examplesSeen()));
        return Stream.of(steps, evaluations, epochs)
                .flatMap(places -> places)
                .filter(place -> place.epoch() > 0 && place.examples() > 0)
                .max(Comparator.comparingDouble(Place::epoch));
    }

    /** From the last multiple of five below the data to a little over 100 %, so that a line at 100 is whole. */
    private static Axis percentAxis(List<History.EpochEnd> ends) {
        double lowest = ends.stream()
                .flatMapToDouble(end -> Arrays.stream(new double[] {end.trainAccuracy(), end.validationAccuracy()}))
                .filter(Double::isFinite)
                .min()
                .orElse(0);
        return Axis.of("Accuracy").unit("%").range(Math.max(0, 5 * Math.floor(20 * lowest - 1)), 101);
    }

    private static Series withMarkers(Series series) {
        return series.style(Series.Style.LINE_AND_MARKERS);
    }

    /** 1, 2, 5, 10, 20, 50 …: the first that needs at most {@link #MOST_BARS} bars. */
    private static int barWidth(int longest) {
        int[] steps = {2, 5, 10};
        int power = 1;
        int width = 1;
        for (int i = 0; longest / width + 1 > MOST_BARS; i++) {
            width = power * steps[i % 3];
            power = i % 3 == 2 ? width : power;
        }
        return width;
    }

    private static <T> double[] values(List<T> entries, ToDoubleFunction<T> value) {
        return entries.stream().mapToDouble(value).toArray();
    }
}
