package dev.lorikeet.notebook.view;

import ai.djl.ndarray.NDArray;
import com.google.gson.Gson;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.plot.Chart;
import dev.lorikeet.plot.TablesawFigure;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/** The rendering rules of all types that a notebook shows in a special way. */
public final class Renderers {

    private static final int CHART_WIDTH = 720;
    private static final int CHART_HEIGHT = 420;

    private Renderers() {}

    public static List<Rule<?>> all() {
        return List.of(
                new Rule<>(Chart.class, List.of(MimeBundle.PLOTLY, MimeBundle.PNG, MimeBundle.TEXT), Renderers::chart),
                new Rule<>(
                        Figure.class, List.of(MimeBundle.PLOTLY, MimeBundle.PNG, MimeBundle.TEXT), Renderers::tablesaw),
                Rule.html(Renderable.class, value -> MimeBundle.html(value.html(), value.toString())),
                Rule.html(Table.class, table -> MimeBundle.html(TableView.html(table), TableView.text(table))),
                Rule.html(NDArray.class, TensorView::bundle),
                Rule.html(Throwable.class, ErrorView::bundle),
                Rule.html(Record.class, RecordView::bundle),
                // The superclass of every array class is Object, so this rule covers all arrays.
                new Rule<>(Object.class, List.of(MimeBundle.TEXT), Renderers::array));
    }

    /**
     * Renders a chart as a Plotly figure and a PNG, without HTML, which would hide the PNG where there is no plotly extension.
     * That extension shows the PNG at its size in pixels until the mouse enters; more pixels would overflow the cell.
     */
    public static MimeBundle chart(Chart chart) {
        return MimeBundle.text(chart.toString())
                .with(MimeBundle.PLOTLY, () -> new Gson().fromJson(chart.plotly(), Map.class))
                .with(MimeBundle.PNG, () -> Base64.getEncoder().encodeToString(chart.png(CHART_WIDTH, CHART_HEIGHT, 1)))
                .withMetadata(MimeBundle.PNG, Map.of("width", CHART_WIDTH, "height", CHART_HEIGHT));
    }

    /** Renders a figure of Tablesaw as a chart is rendered; the PNG is left out where a chart cannot express the figure. */
    private static MimeBundle tablesaw(Figure figure) {
        TablesawFigure read = TablesawFigure.of(figure);
        MimeBundle bundle = read.chart().map(Renderers::chart).orElse(MimeBundle.NONE);
        return bundle.with(MimeBundle.TEXT, read::toString)
                .with(MimeBundle.PLOTLY, () -> new Gson().fromJson(read.plotly(), Map.class));
    }

    private static MimeBundle array(Object value) {
        return value.getClass().isArray() ? MimeBundle.text(ArrayText.of(value)) : MimeBundle.NONE;
    }
}
