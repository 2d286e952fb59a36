package dev.lorikeet.bench;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.plot.Axis;
import dev.lorikeet.plot.Chart;
import dev.lorikeet.plot.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The plots of the scaling cases, and their numbers as a Markdown table. Options as {@code name=value}: results (results.json as
 * the runner writes it), folder (for the PNG files).
 */
public final class ScalingPlots {

    private static final Pattern NAME = Pattern.compile("scaling(?:-large)?/(\\d+)×(\\d+)/(.+)");
    private static final Axis TOKENS = Axis.of("Tokens of a step").logarithmic();
    private static final int WIDTH = 720;
    private static final int HEIGHT = 420;

    private ScalingPlots() {}

    private record Row(
            String name, double ours, double peer, @SerializedName("peer name") String peerName, double ratio) {}

    /** One figure of one shape. */
    private record Point(int length, int rows, String figure, Row row) {

        int tokens() {
            return length * rows;
        }

        double ours() {
            return row.ours();
        }

        double peer() {
            return row.peer();
        }

        double ratio() {
            return row.ratio();
        }
    }

    public static void main(String[] args) throws IOException {
        Options options = Options.parse(args);
        List<Point> points = points(options.path("results"));
        Path folder = options.path("folder");
        String peer = points.get(0).row().peerName();
        List<Point> steps = of(points, "step");
        List<Point> peaks = of(points, "peak-memory");
        Axis seconds = Axis.of("Time").unit("s");
        write(folder, "scaling-step", sides("Time of a step", seconds.logarithmic(), steps));
        write(
                folder,
                "scaling-step-ratio",
                lines("Time of a step, as a part of " + peer + "'s", ratio(steps), steps, Point::ratio));
        write(
                folder,
                "scaling-step-per-token",
                lines(
                        "Lorikeet's time for 1,000 tokens",
                        seconds,
                        steps,
                        point -> 1000 * point.ours() / point.tokens()));
        write(
                folder,
                "scaling-peak-memory",
                sides("Peak memory", Axis.of("Memory").unit("GiB"), peaks));
        write(
                folder,
                "scaling-peak-memory-ratio",
                lines("Peak memory, as a part of " + peer + "'s", ratio(peaks), peaks, Point::ratio));
        System.out.print(markdown(points, peer));
    }

    private static List<Point> of(List<Point> points, String figure) {
        return points.stream().filter(point -> point.figure().equals(figure)).toList();
    }

    private static List<Point> points(Path results) throws IOException {
        Row[] rows = Files.exists(results) ? new Gson().fromJson(Files.readString(results), Row[].class) : new Row[0];
        List<Point> points = new ArrayList<>();
        for (Row row : rows) {
            Matcher name = NAME.matcher(row.name());
            if (name.matches()) {
                points.add(new Point(
                        Integer.parseInt(name.group(1)), Integer.parseInt(name.group(2)), name.group(3), row));
            }
        }
        if (points.isEmpty()) {
            throw new LorikeetException("There are no rows of the scaling case in " + results + "; measure them first");
        }
        return points;
    }

    /** From zero, so that a small difference does not look like a large one. */
    private static Axis ratio(List<Point> points) {
        double highest = points.stream().mapToDouble(Point::ratio).max().orElseThrow();
        return Axis.of("Ratio").range(0, Math.max(1.1, 1.05 * highest));
    }

    /** Every shape of both sides. */
    private static Chart sides(String title, Axis y, List<Point> points) {
        String peer = points.get(0).row().peerName();
        return Chart.titled(title)
                .x(TOKENS)
                .y(y)
                .add(series("Lorikeet", points, Point::ours).style(Series.Style.MARKERS))
                .add(series(peer, points, Point::peer).style(Series.Style.MARKERS));
    }

    /** A line for each length. */
    private static Chart lines(String title, Axis y, List<Point> points, ToDoubleFunction<Point> value) {
        Chart chart = Chart.titled(title).x(TOKENS).y(y);
        for (int length : lengths(points)) {
            List<Point> of =
                    points.stream().filter(point -> point.length() == length).toList();
            chart = chart.add(series("rows of " + length, of, value)
                    .style(Series.Style.LINE_AND_MARKERS)
                    .dash(Series.Dash.SOLID));
        }
        return chart;
    }

    private static List<Integer> lengths(List<Point> points) {
        return points.stream().map(Point::length).distinct().sorted().toList();
    }

    private static Series series(String name, List<Point> points, ToDoubleFunction<Point> value) {
        List<Point> sorted =
                points.stream().sorted(Comparator.comparing(Point::tokens)).toList();
        return Series.line(
                name,
                sorted.stream().mapToDouble(Point::tokens).toArray(),
                sorted.stream().mapToDouble(value).toArray());
    }

    private static void write(Path folder, String name, Chart chart) throws IOException {
        Path file = folder.resolve(name + ".png");
        Files.write(file, chart.png(WIDTH, HEIGHT));
        System.out.println(file);
    }

    /** Rows of a batch across, lengths down: seconds and GiB, each ours and the peer's. */
    private static String markdown(List<Point> points, String peer) {
        List<Integer> sizes =
                points.stream().map(Point::rows).distinct().sorted().toList();
        StringBuilder text = new StringBuilder("\nLorikeet / " + peer + "\n\n| tokens a row |");
        sizes.forEach(size -> text.append(" ").append(size).append(size == 1 ? " row |" : " rows |"));
        text.append("\n|---|").append("---|".repeat(sizes.size())).append('\n');
        for (int length : lengths(points)) {
            String cells = sizes.stream()
                    .map(size -> cell(points, length, size))
                    .collect(Collectors.joining(" | ", "| " + length + " | ", " |\n"));
            text.append(cells);
        }
        return text.toString();
    }

    private static String cell(List<Point> points, int length, int size) {
        return Stream.of("step", "peak-memory")
                .flatMap(figure -> points.stream()
                        .filter(point -> point.length() == length && point.rows() == size)
                        .filter(point -> point.figure().equals(figure)))
                .map(point -> String.format(
                        Locale.ROOT,
                        "%.2f / %.2f %s",
                        point.ours(),
                        point.peer(),
                        point.figure().equals("step") ? "s" : "GiB"))
                .collect(Collectors.joining(", "));
    }
}
