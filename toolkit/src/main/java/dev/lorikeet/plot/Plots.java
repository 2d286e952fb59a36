package dev.lorikeet.plot;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Example;
import dev.lorikeet.memory.Measured;
import dev.lorikeet.memory.MemoryReport;
import dev.lorikeet.train.MemoryBreakdown;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.history.History;
import dev.lorikeet.train.history.LearningRateTest;
import dev.lorikeet.train.score.Calibration;
import dev.lorikeet.train.score.ConfusionMatrix;
import dev.lorikeet.train.sweep.SweepResult;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.plotly.components.Figure;

/** The charts of the tutorials. */
public final class Plots {

    private static final int MOST_BARS = 40;

    /** Space for the value above the highest bar. */
    private static final double HEADROOM = 1.1;

    private Plots() {}

    /** {@link #losses(History)} of a run. */
    public static Chart losses(TrainingRun run) {
        return losses(run.history());
    }

    /**
     * Training and validation loss over epochs (bottom) and examples seen (top): from the evaluations, or without any, the
     * loss of each step.
     */
    public static Chart losses(History history) {
        return Curves.losses(history);
    }

    /** Training and validation losses of several runs over examples seen; the training loss is that of the steps, smoothed. */
    public static Chart losses(TrainingRun first, TrainingRun second, TrainingRun... more) {
        return Curves.losses(
                Stream.concat(Stream.of(first, second), Arrays.stream(more)).toList());
    }

    /** {@link #stepLosses(History)} of a run. */
    public static Chart stepLosses(TrainingRun run) {
        return stepLosses(run.history());
    }

    /**
     * The training loss of each step, and the validation loss where it was measured, over epochs and examples seen. From 50
     * steps on the training loss is a smoothed line with the steps as points beside it; in a long run each point is the mean of
     * several steps.
     */
    public static Chart stepLosses(History history) {
        return Curves.stepLosses(history);
    }

    /** {@link #accuracies(History)} of a run. */
    public static Chart accuracies(TrainingRun run) {
        return accuracies(run.history());
    }

    /**
     * Training and validation accuracy in percent, over epochs and examples seen: at the end of each epoch, or where there
     * are fewer than two, at each evaluation.
     */
    public static Chart accuracies(History history) {
        return Curves.accuracies(history);
    }

    /** The learning rate of each step, over epochs and examples seen. */
    public static Chart learningRate(TrainingRun run) {
        return Curves.learningRate(run.history());
    }

    /** The loss over the learning rate of a range test, smoothed and of each update, on a logarithmic axis. */
    public static Chart learningRate(LearningRateTest test) {
        return Curves.learningRate(test);
    }

    /** The global gradient norm of each step before clipping, and the norm to which gradients were clipped. */
    public static Chart gradientNorms(TrainingRun run) {
        return Curves.gradientNorms(run.history(), run.settings().maxNorm());
    }

    /** The validation loss of several runs over examples seen; the training loss if one of them has no validation. */
    public static Chart compare(TrainingRun... runs) {
        return Curves.compared(List.of(runs));
    }

    /**
     * The losses of a sweep over the first setting that varies, of learning rate, rank and alpha, with a line for each combination of the
     * others.
     */
    public static Chart sweep(SweepResult result) {
        return SweepChart.of(result);
    }

    /**
     * A metric over a setting on a logarithmic axis, such as the loss over the rank.
     *
     * @param table one run a row
     * @param setting its column of positive numbers, such as "rank"
     * @param metric its column of numbers, such as "validation loss"
     * @throws UnknownNameException if the table has no such column
     */
    public static Chart sweep(Table table, String setting, String metric) {
        return sweepAxes(table, setting, metric).add(sweepLine(metric, table, setting, metric));
    }

    /**
     * A sweep as in {@link #sweep(Table, String, String)}, with one line for each text in the column {@code by}, such as
     * "targets".
     *
     * @throws UnknownNameException if the table has no such column
     */
    public static Chart sweep(Table table, String setting, String metric, String by) {
        Column<?> names = TableCharts.column(table, by);
        Chart chart = sweepAxes(table, setting, metric);
        for (String name : new LinkedHashSet<>(names.asStringColumn().asList())) {
            chart = chart.add(sweepLine(name, table.where(names.asStringColumn().isEqualTo(name)), setting, metric));
        }
        return chart;
    }

    /** Ranks double; learning rates and other settings below 1 have decades. */
    private static Chart sweepAxes(Table table, String setting, String metric) {
        Column<?> values = TableCharts.column(table, setting);
        Axis axis = Axis.of(TableCharts.capital(setting));
        boolean small = IntStream.range(0, table.rowCount()).anyMatch(row -> TableCharts.number(values, row) < 1);
        return Chart.titled(TableCharts.capital(metric) + " over " + setting)
                .x(small ? axis.logarithmic() : axis.doublings())
                .y(Axis.of(TableCharts.capital(metric)));
    }

    private static Series sweepLine(String name, Table table, String setting, String metric) {
        Column<?> positions = TableCharts.column(table, setting);
        Column<?> measured = TableCharts.column(table, metric);
        int[] order = IntStream.range(0, table.rowCount())
                .boxed()
                .sorted(Comparator.comparingDouble(row -> TableCharts.number(positions, row)))
                .mapToInt(row -> row)
                .toArray();
        return Series.line(
                        name,
                        Arrays.stream(order)
                                .mapToDouble(row -> TableCharts.number(positions, row))
                                .toArray(),
                        Arrays.stream(order)
                                .mapToDouble(row -> TableCharts.number(measured, row))
                                .toArray())
                .style(Series.Style.LINE_AND_MARKERS);
    }

    /**
     * A histogram of a column of numbers, in at most 40 bars of a round width.
     *
     * @throws UnknownNameException if the table has no such column
     */
    public static Chart histogram(Table table, String column) {
        return TableCharts.histogram(table, column);
    }

    /**
     * How often each value of a column occurs, such as the sizes of classes: the most frequent first, in at most 30 bars;
     * the title names what is left out.
     *
     * @throws UnknownNameException if the table has no such column
     */
    public static Chart counts(Table table, String column) {
        return TableCharts.counts(table, column);
    }

    /**
     * One column of numbers over another as markers, a marker for each row.
     *
     * @throws UnknownNameException if the table has no such column
     */
    public static Chart scatter(Table table, String x, String y) {
        return TableCharts.scatter(table, x, y);
    }

    /**
     * One column of numbers over another as markers, in a colour for each value of the column {@code by}.
     *
     * @throws UnknownNameException if the table has no such column
     */
    public static Chart scatter(Table table, String x, String y, String by) {
        return TableCharts.scatter(table, x, y, by);
    }

    /**
     * Columns of numbers as lines over the column {@code x}, sorted by it.
     *
     * @throws UnknownNameException if the table has no such column
     */
    public static Chart lines(Table table, String x, String... columns) {
        return TableCharts.lines(table, x, columns);
    }

    /** A chart as a figure of Tablesaw; see {@link Chart#figure}. */
    public static Figure figure(Chart chart) {
        return chart.figure();
    }

    /** A confusion matrix as a heat map: rows are the actual labels, columns the predicted ones. */
    public static Chart confusion(ConfusionMatrix matrix) {
        List<String> labels = matrix.labels();
        int size = labels.size();
        List<String> upwards = IntStream.rangeClosed(1, size)
                .mapToObj(i -> labels.get(size - i))
                .toList();
        int[] cells = IntStream.range(0, size * size).toArray();
        return Chart.titled("Confusion matrix (accuracy " + Quantities.percent(matrix.accuracy()) + ")")
                .x(Axis.of("Predicted").categories(labels))
                .y(Axis.of("Actual").categories(upwards))
                .add(Series.cells(
                        "Texts",
                        Arrays.stream(cells).mapToDouble(i -> i % size).toArray(),
                        Arrays.stream(cells)
                                .mapToDouble(i -> size - 1 - i / size)
                                .toArray(),
                        Arrays.stream(cells)
                                .mapToDouble(i -> matrix.counts().get(i / size).get(i % size))
                                .toArray()));
    }

    /** How often predictions are right over how sure they are. Points below the line are too sure, points above it not sure enough. */
    public static Chart calibration(Calibration calibration) {
        List<Calibration.Bin> bins = calibration.bins();
        return Chart.titled("Calibration (error " + Quantities.percent(calibration.error()) + ")")
                .x(Axis.of("Confidence").unit("%").range(0, 100))
                .y(Axis.of("Right").unit("%").range(0, 100))
                .add(Series.line("as sure as right", new double[] {0, 100}, new double[] {0, 100}))
                .add(Series.markers(
                        "predictions",
                        bins.stream().mapToDouble(bin -> 100 * bin.confidence()).toArray(),
                        bins.stream().mapToDouble(bin -> 100 * bin.accuracy()).toArray()));
    }

    /** A histogram of the number of tokens per example; see {@link #tokenLengths(int[], String)}. */
    public static Chart tokenLengths(List<Example> examples, String title) {
        return tokenLengths(examples.stream().mapToInt(Example::length).toArray(), title);
    }

    /**
     * A histogram of the number of tokens per text.
     *
     * @param lengths number of tokens of each text
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

    /** The peak memory of runs as bars; the axis title says what was measured. */
    public static Chart memory(MemoryReport... runs) {
        return peaks(
                Arrays.stream(runs).map(MemoryReport::name).toList(),
                Arrays.stream(runs).mapToDouble(MemoryReport::peakGiB).toArray(),
                Arrays.stream(runs)
                        .flatMap(run -> run.measured().stream())
                        .distinct()
                        .toList());
    }

    /** The peak memory of runs as bars; the axis title says what was measured. */
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
                .y(Axis.of("Peak memory").unit("GiB").range(0, HEADROOM * most))
                .add(Series.bars("Peak memory", places(peaks.length), peaks).labels(names));
    }

    /** The parts of runs' memory as stacked bars, a bar each, and the measured peak as a marker. */
    public static Chart memoryParts(TrainingRun... runs) {
        return memoryParts(Arrays.stream(runs).map(TrainingRun::memory).toArray(MemoryBreakdown[]::new));
    }

    /** The parts of runs' memory as stacked bars, a bar each, and the measured peak as a marker. */
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

    /** Picks the first of 1, 2, 5, 10, 20, 50 … that needs at most {@link #MOST_BARS} bars. */
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
}
