package dev.lorikeet.plot;

import dev.lorikeet.base.BadArgumentException;
import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Paint;
import java.awt.Polygon;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.PaintScale;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.renderer.xy.XYBlockRenderer;
import org.jfree.chart.renderer.xy.XYItemRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.DefaultXYZDataset;
import org.jfree.data.xy.XYDataset;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Draws a {@link Chart} as a PNG with JFreeChart, without a display. */
final class Drawing {

    /** The side of a cell in units; the rest is the gap. */
    private static final double CELL = 0.98;

    private static final Shape DOT =
            new Ellipse2D.Double(-Look.DOT_SIZE / 2, -Look.DOT_SIZE / 2, Look.DOT_SIZE, Look.DOT_SIZE);

    static {
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
    }

    private final Chart chart;

    Drawing(Chart chart) {
        this.chart = chart;
    }

    byte[] png(int width, int height, int scale) {
        BadArgumentException.unless(width >= 100 && width <= 8000, "width", width, "100 to 8000 pixels");
        BadArgumentException.unless(height >= 100 && height <= 8000, "height", height, "100 to 8000 pixels");
        BadArgumentException.unless(scale >= 1 && scale <= 8, "scale", scale, "1 to 8");
        BufferedImage image = freeChart().createBufferedImage(width * scale, height * scale, width, height, null);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private JFreeChart freeChart() {
        JFreeChart drawn = new JFreeChart(null, font(Font.BOLD, Look.TITLE_SIZE), plot(), false);
        TextTitle title = new TextTitle(chart.title(), font(Font.PLAIN, Look.TITLE_SIZE));
        title.setPaint(Look.TEXT);
        title.setPadding(new RectangleInsets(4, 0, 8, 0));
        drawn.setTitle(title);
        drawn.setBackgroundPaint(Look.GROUND);
        drawn.setPadding(new RectangleInsets(4, 4, 4, 16));
        drawn.setAntiAlias(true);
        drawn.setTextAntiAlias(true);
        if (chart.series().size() > 1) {
            drawn.addLegend(legend(drawn.getXYPlot()));
        }
        return drawn;
    }

    private static LegendTitle legend(XYPlot plot) {
        LegendTitle legend = new LegendTitle(plot);
        legend.setPosition(RectangleEdge.BOTTOM);
        legend.setBackgroundPaint(null);
        legend.setItemFont(font(Font.PLAIN, Look.TEXT_SIZE));
        legend.setItemPaint(Look.TEXT);
        legend.setItemLabelPadding(new RectangleInsets(2, 6, 2, 16));
        return legend;
    }

    private XYPlot plot() {
        XYPlot plot = new XYPlot();
        plot.setDomainAxis(0, flat(chart.x()));
        plot.setRangeAxis(0, upright(chart.y()));
        chart.top().ifPresent(axis -> {
            plot.setDomainAxis(1, flat(axis));
            plot.setDomainAxisLocation(1, AxisLocation.TOP_OR_LEFT);
        });
        chart.right().ifPresent(axis -> {
            plot.setRangeAxis(1, upright(axis));
            plot.setRangeAxisLocation(1, AxisLocation.BOTTOM_OR_RIGHT);
        });
        for (int i = 0; i < chart.series().size(); i++) {
            Series series = chart.series().get(i);
            plot.setDataset(i, dataset(series));
            plot.setRenderer(i, renderer(series, i));
            plot.mapDatasetToRangeAxis(i, series.right() ? 1 : 0);
        }
        chart.series().stream()
                .filter(each -> each.style() == Series.Style.CELLS)
                .forEach(each -> annotate(plot, each));
        plot.setBackgroundPaint(null);
        plot.setOutlinePaint(null);
        plot.setDomainGridlinesVisible(chart.x().categories().isEmpty());
        plot.setRangeGridlinesVisible(chart.y().categories().isEmpty());
        plot.setDomainGridlinePaint(Look.GRID);
        plot.setRangeGridlinePaint(Look.GRID);
        plot.setDomainGridlineStroke(new BasicStroke(1));
        plot.setRangeGridlineStroke(new BasicStroke(1));
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        return plot;
    }

    private ValueAxis flat(Axis axis) {
        ValueAxis drawn = axis(axis);
        // JFreeChart puts a tick wherever a label fits: space around the labels thins them out.
        drawn.setTickLabelInsets(new RectangleInsets(2, 16, 2, 16));
        return drawn;
    }

    private ValueAxis upright(Axis axis) {
        ValueAxis drawn = axis(axis);
        drawn.setTickLabelInsets(new RectangleInsets(12, 4, 12, 4));
        return drawn;
    }

    private ValueAxis axis(Axis axis) {
        ValueAxis drawn = axis.log() ? new PowersAxis(axis) : axis.categories().isEmpty() ? linear(axis) : named(axis);
        if (axis.hasRange()) {
            drawn.setRange(axis.low(), axis.high());
        }
        drawn.setLabelFont(font(Font.PLAIN, Look.TEXT_SIZE));
        drawn.setTickLabelFont(font(Font.PLAIN, Look.TICK_SIZE));
        drawn.setLabelPaint(Look.TEXT);
        drawn.setTickLabelPaint(Look.TEXT);
        drawn.setAxisLinePaint(Look.TEXT);
        drawn.setTickMarkPaint(Look.TEXT);
        drawn.setTickMarkOutsideLength(4);
        drawn.setLabelInsets(new RectangleInsets(6, 6, 6, 6));
        return drawn;
    }

    private static ValueAxis named(Axis axis) {
        SymbolAxis drawn = new SymbolAxis(axis.label(), axis.categories().toArray(String[]::new));
        drawn.setGridBandsVisible(false);
        return drawn;
    }

    private ValueAxis linear(Axis axis) {
        NumberAxis drawn = new NumberAxis(axis.label());
        drawn.setAutoRangeIncludesZero(chart.series().stream()
                .anyMatch(each ->
                        each.style() == Series.Style.BARS && chart.axis(each).equals(axis)));
        drawn.setNumberFormatOverride(Look.number());
        if (axis.hasRange()) {
            drawn.setTickUnit(new NumberTickUnit(Ticks.step(axis.low(), axis.high(), Look.TICKS)));
        }
        return drawn;
    }

    private XYDataset dataset(Series series) {
        return switch (series.style()) {
            case BARS -> bars(series);
            case CELLS -> cells(series);
            default -> points(series);
        };
    }

    private XYDataset bars(Series series) {
        XYIntervalSeries intervals = new XYIntervalSeries(series.name(), false, true);
        double half = chart.barWidth(series) / 2;
        double[] bases = chart.bases(series);
        for (int i = 0; i < bases.length; i++) {
            double x = series.x().get(i);
            double y = series.y().get(i);
            if (chart.x().shows(x) && chart.axis(series).shows(y)) {
                intervals.add(x, x - half, x + half, bases[i] + y, bases[i], bases[i] + y);
            }
        }
        XYIntervalSeriesCollection collection = new XYIntervalSeriesCollection();
        collection.addSeries(intervals);
        return collection;
    }

    private static XYDataset cells(Series series) {
        DefaultXYZDataset cells = new DefaultXYZDataset();
        cells.addSeries(
                series.name(), new double[][] {unboxed(series.x()), unboxed(series.y()), unboxed(series.values())});
        return cells;
    }

    private static double[] unboxed(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private XYDataset points(Series series) {
        XYSeries points = new XYSeries(series.name(), false, true);
        for (int i = 0; i < series.x().size(); i++) {
            double x = series.x().get(i);
            double y = series.y().get(i);
            if (chart.x().shows(x)) {
                points.add(x, chart.axis(series).shows(y) ? y : null);
            }
        }
        return new XYSeriesCollection(points);
    }

    private XYItemRenderer renderer(Series series, int index) {
        XYItemRenderer renderer =
                switch (series.style()) {
                    case BARS -> bars();
                    case CELLS -> blocks(series);
                    default -> lines(series, index);
                };
        renderer.setSeriesPaint(0, Look.colour(series, index));
        return renderer;
    }

    private XYBarRenderer bars() {
        XYBarRenderer renderer = new XYBarRenderer();
        renderer.setBarPainter(new StandardXYBarPainter());
        renderer.setShadowVisible(false);
        renderer.setDrawBarOutline(false);
        renderer.setUseYInterval(true);
        if (chart.showsValues()) {
            renderer.setDefaultItemLabelGenerator(
                    (data, row, item) -> Look.number().format(Look.rounded(data.getYValue(row, item))));
            renderer.setDefaultItemLabelsVisible(true);
            renderer.setDefaultItemLabelFont(font(Font.PLAIN, Look.TEXT_SIZE));
            renderer.setDefaultItemLabelPaint(Look.TEXT);
            renderer.setDefaultPositiveItemLabelPosition(
                    new ItemLabelPosition(ItemLabelAnchor.OUTSIDE12, TextAnchor.BOTTOM_CENTER));
        }
        return renderer;
    }

    private static XYBlockRenderer blocks(Series series) {
        XYBlockRenderer renderer = new XYBlockRenderer();
        renderer.setBlockWidth(CELL);
        renderer.setBlockHeight(CELL);
        renderer.setPaintScale(new PaintScale() {
            @Override
            public double getLowerBound() {
                return 0;
            }

            @Override
            public double getUpperBound() {
                return series.maximum();
            }

            @Override
            public Paint getPaint(double value) {
                return Look.heat(value / series.maximum());
            }
        });
        return renderer;
    }

    /** Writes the values into the cells. */
    private static void annotate(XYPlot plot, Series cells) {
        for (int i = 0; i < cells.values().size(); i++) {
            double value = cells.values().get(i);
            XYTextAnnotation text = new XYTextAnnotation(
                    Look.number().format(Look.rounded(value)),
                    cells.x().get(i),
                    cells.y().get(i));
            text.setFont(font(Font.PLAIN, Look.TITLE_SIZE));
            text.setPaint(Look.textOn(Look.heat(value / cells.maximum())));
            plot.addAnnotation(text);
        }
    }

    private static XYLineAndShapeRenderer lines(Series series, int index) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(series.hasLine(), series.hasMarkers());
        renderer.setSeriesStroke(0, stroke(Look.dash(series, index)));
        renderer.setSeriesShape(0, series.faint() ? DOT : shape(index));
        // Otherwise a dash pattern restarts at each point and vanishes between close ones.
        renderer.setDrawSeriesLineAsPath(true);
        renderer.setLegendLine(new java.awt.geom.Line2D.Double(-16, 0, 16, 0));
        return renderer;
    }

    private static BasicStroke stroke(Series.Dash dash) {
        float[] pattern =
                switch (dash) {
                    case AUTO, SOLID -> null;
                    case DASHED -> new float[] {9, 5};
                    case DOTTED -> new float[] {2, 4};
                    case DASH_DOT -> new float[] {9, 4, 2, 4};
                };
        return new BasicStroke(Look.LINE_WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, pattern, 0);
    }

    private static Shape shape(int index) {
        int half = Look.MARKER_SIZE / 2 + 1;
        return switch (index % 4) {
            case 0 -> new Ellipse2D.Double(-half + 0.5, -half + 0.5, Look.MARKER_SIZE, Look.MARKER_SIZE);
            case 1 -> new Rectangle2D.Double(-half + 0.5, -half + 0.5, Look.MARKER_SIZE, Look.MARKER_SIZE);
            case 2 -> new Polygon(new int[] {-half, 0, half, 0}, new int[] {0, -half, 0, half}, 4);
            default -> new Polygon(new int[] {-half, 0, half}, new int[] {half, -half, half}, 3);
        };
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
