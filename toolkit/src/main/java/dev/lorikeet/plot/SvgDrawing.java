package dev.lorikeet.plot;

import java.awt.Color;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Writes a {@link Chart} as an SVG element, whose text has the colour of the page around it. It takes some milliseconds, so
 * that a running chart can be drawn again and again.
 */
final class SvgDrawing {

    private static final int LEFT = 64;
    private static final int SIDE = 40;
    private static final int TOP = 44;
    private static final int TOP_AXIS = 40;
    private static final int BOTTOM = 56;
    private static final int LEGEND = 26;
    private static final int TICK = 5;
    private static final int TICKS_ACROSS = 10;
    private static final int TICKS_UP = 8;

    /** The usual width of a character of a sans-serif font, as a share of its size; for space in the legend alone. */
    private static final double CHARACTER = 0.56;

    private final Chart chart;
    private final StringBuilder out = new StringBuilder();
    private final double left = LEFT;
    private final double right;
    private final double top;
    private final double bottom;
    private final AxisLine x;

    SvgDrawing(Chart chart) {
        this.chart = chart;
        right = Look.WIDTH - (chart.right().isPresent() ? LEFT : SIDE);
        top = TOP + (chart.top().isPresent() ? TOP_AXIS : 0);
        bottom = Look.HEIGHT - BOTTOM - (chart.series().size() > 1 ? LEGEND : 0);
        x = AxisLine.over(chart.x(), chart.series().stream().flatMapToDouble(this::across), left, right);
    }

    String svg() {
        out.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\""
                        + " style=\"display: block; width: 100%%; max-width: %dpx; height: auto\" fill=\"currentColor\""
                        + " font-family=\"var(--jp-ui-font-family, sans-serif)\" font-size=\"%d\">",
                Look.WIDTH,
                Look.HEIGHT,
                escape(chart.title()),
                Look.WIDTH,
                Look.TICK_SIZE));
        text(Look.WIDTH / 2.0, 22, "middle", Look.TITLE_SIZE, chart.title());
        AxisLine up = upright(chart.y(), false);
        acrossAxis(x, bottom, 1);
        chart.top().ifPresent(axis -> acrossAxis(AxisLine.over(axis, DoubleStream.empty(), left, right), top, -1));
        uprightAxis(up, left, -1);
        chart.right().ifPresent(axis -> uprightAxis(upright(axis, true), right, 1));
        for (int i = 0; i < chart.series().size(); i++) {
            Series series = chart.series().get(i);
            draw(series, i, series.right() ? upright(chart.right().orElseThrow(), true) : up);
        }
        if (chart.series().size() > 1) {
            legend();
        }
        return out.append("</svg>").toString();
    }

    // ---- axes ----

    private DoubleStream across(Series series) {
        double half = series.style() == Series.Style.BARS ? chart.barWidth(series) / 2 : 0;
        return series.x().stream().flatMapToDouble(value -> DoubleStream.of(value - half, value + half));
    }

    private AxisLine upright(Axis axis, boolean ofRight) {
        DoubleStream values = chart.series().stream()
                .filter(series -> series.right() == ofRight)
                .flatMapToDouble(this::up);
        return AxisLine.over(axis, values, bottom, top);
    }

    /** The values of a series, for bars with their sums and their foot. */
    private DoubleStream up(Series series) {
        if (series.style() != Series.Style.BARS) {
            return series.y().stream().mapToDouble(Double::doubleValue);
        }
        double[] bases = chart.bases(series);
        return IntStream.range(0, bases.length)
                .mapToDouble(i -> bases[i] + series.y().get(i))
                .flatMap(value -> DoubleStream.of(0, value));
    }

    private void acrossAxis(AxisLine scale, double y, int outward) {
        line(left, y, right, y, 1);
        for (double tick : scale.ticks(TICKS_ACROSS)) {
            double at = scale.at(tick);
            if (scale == x && chart.x().categories().isEmpty()) {
                line(at, top, at, bottom, 0.15);
            }
            line(at, y, at, y + outward * TICK, 1);
            text(at, y + (outward > 0 ? 19 : -9), "middle", Look.TICK_SIZE, scale.text(tick));
        }
        text(
                (left + right) / 2,
                y + (outward > 0 ? 40 : -27),
                "middle",
                Look.TEXT_SIZE,
                scale.axis().label());
    }

    private void uprightAxis(AxisLine scale, double at, int outward) {
        line(at, top, at, bottom, 1);
        for (double tick : scale.ticks(TICKS_UP)) {
            double y = scale.at(tick);
            if (outward < 0 && chart.y().categories().isEmpty()) {
                line(left, y, right, y, 0.15);
            }
            line(at, y, at + outward * TICK, y, 1);
            text(at + outward * 9, y + 4, outward < 0 ? "end" : "start", Look.TICK_SIZE, scale.text(tick));
        }
        double middle = (top + bottom) / 2;
        double beside = outward < 0 ? 16 : Look.WIDTH - 10;
        out.append(format("<g transform=\"rotate(-90 %s %s)\">", beside, middle));
        text(beside, middle, "middle", Look.TEXT_SIZE, scale.axis().label());
        out.append("</g>");
    }

    // ---- series ----

    private void draw(Series series, int index, AxisLine up) {
        out.append(format("<g class=\"lorikeet-series\"><title>%s</title>", escape(series.name())));
        switch (series.style()) {
            case BARS -> bars(series, index, up);
            case CELLS -> cells(series, up);
            default -> points(series, index, up);
        }
        out.append("</g>");
    }

    private void points(Series series, int index, AxisLine up) {
        List<Integer> shown = IntStream.range(0, series.x().size())
                .filter(i -> shows(series, i, up))
                .boxed()
                .toList();
        if (series.hasLine()) {
            String path = shown.stream()
                    .map(i -> (i > 0 && shows(series, i - 1, up) ? "L" : "M") + place(series, i, up))
                    .collect(Collectors.joining());
            out.append(format(
                    "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-linejoin=\"round\"%s/>",
                    path, css(Look.colour(series, index)), dash(Look.dash(series, index))));
        }
        if (series.hasMarkers()) {
            for (int i : shown) {
                out.append(format(
                        "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\"/>",
                        x.at(series.x().get(i)),
                        up.at(series.y().get(i)),
                        (series.faint() ? Look.DOT_SIZE : Look.MARKER_SIZE) / 2.0,
                        css(Look.colour(series, index))));
            }
        }
    }

    private boolean shows(Series series, int i, AxisLine up) {
        return chart.x().shows(series.x().get(i)) && up.axis().shows(series.y().get(i));
    }

    private String place(Series series, int i, AxisLine up) {
        return format("%s %s", x.at(series.x().get(i)), up.at(series.y().get(i)));
    }

    private void bars(Series series, int index, AxisLine up) {
        double[] bases = chart.bases(series);
        double half = chart.barWidth(series) / 2;
        for (int i = 0; i < bases.length; i++) {
            if (shows(series, i, up)) {
                double at = series.x().get(i);
                double value = series.y().get(i);
                box(at - half, bases[i], at + half, bases[i] + value, up, css(Look.colour(series, index)));
                if (chart.showsValues()) {
                    String label = Look.number().format(Look.rounded(value));
                    text(x.at(at), up.at(bases[i] + value) - 5, "middle", Look.TEXT_SIZE, label);
                }
            }
        }
    }

    private void cells(Series series, AxisLine up) {
        double half = 0.49;
        for (int i = 0; i < series.values().size(); i++) {
            double across = series.x().get(i);
            double above = series.y().get(i);
            double value = series.values().get(i);
            Color colour = Look.heat(value / series.maximum());
            box(across - half, above - half, across + half, above + half, up, css(colour));
            out.append(format("<g fill=\"%s\">", css(Look.textOn(colour))));
            String label = Look.number().format(Look.rounded(value));
            text(x.at(across), up.at(above) + 5, "middle", Look.TITLE_SIZE, label);
            out.append("</g>");
        }
    }

    private void box(double fromX, double fromY, double toX, double toY, AxisLine up, String colour) {
        double from = up.at(Math.min(fromY, toY));
        double to = up.at(Math.max(fromY, toY));
        out.append(format(
                "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>",
                x.at(fromX), to, x.at(toX) - x.at(fromX), from - to, colour));
    }

    private void legend() {
        double[] widths = chart.series().stream()
                .mapToDouble(series ->
                        46 + CHARACTER * Look.TEXT_SIZE * series.name().length())
                .toArray();
        double at = (Look.WIDTH - DoubleStream.of(widths).sum()) / 2;
        double y = Look.HEIGHT - 14;
        for (int i = 0; i < widths.length; i++) {
            Series series = chart.series().get(i);
            out.append(format(
                    "<path d=\"M%s %sh24\" stroke=\"%s\" stroke-width=\"%s\"%s/>",
                    at, y - 4, css(Look.colour(series, i)), series.hasLine() ? 2 : 8, dash(Look.dash(series, i))));
            text(at + 30, y, "start", Look.TEXT_SIZE, series.name());
            at += widths[i];
        }
    }

    // ---- elements ----

    private void line(double fromX, double fromY, double toX, double toY, double opacity) {
        out.append(format(
                "<path d=\"M%s %sL%s %s\" stroke=\"currentColor\" stroke-opacity=\"%s\"/>",
                fromX, fromY, toX, toY, opacity));
    }

    private void text(double at, double y, String anchor, int size, String text) {
        out.append(format(
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" font-size=\"%s\">%s</text>",
                at, y, anchor, size, escape(text)));
    }

    private static String dash(Series.Dash dash) {
        return switch (dash) {
            case AUTO, SOLID -> "";
            case DASHED -> " stroke-dasharray=\"9 5\"";
            case DOTTED -> " stroke-dasharray=\"2 4\"";
            case DASH_DOT -> " stroke-dasharray=\"9 4 2 4\"";
        };
    }

    /** Formats with hundredths of a unit, which are enough for the eye. */
    private static String format(String pattern, Object... values) {
        Object[] texts = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            texts[i] = values[i] instanceof Double number ? Math.round(number * 100) / 100.0 : values[i];
        }
        return String.format(Locale.ROOT, pattern, texts);
    }

    private static String css(Color colour) {
        String opaque = String.format(Locale.ROOT, "#%06X", colour.getRGB() & 0xFFFFFF);
        return colour.getAlpha() == 255 ? opaque : opaque + String.format(Locale.ROOT, "%02X", colour.getAlpha());
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
