package dev.lorikeet.notebook;

import ai.djl.ndarray.NDArray;
import com.google.gson.Gson;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.plot.Chart;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.Table;

/** Every type that a notebook shows in its own way. */
final class Renderers {

    private static final int CHART_WIDTH = 720;
    private static final int CHART_HEIGHT = 420;

    private Renderers() {}

    static List<Rule<?>> all() {
        return List.of(
                new Rule<>(Chart.class, List.of(MimeBundle.PLOTLY, MimeBundle.PNG, MimeBundle.TEXT), Renderers::chart),
                Rule.html(Renderable.class, value -> MimeBundle.html(value.html(), value.toString())),
                Rule.html(Table.class, table -> MimeBundle.html(TableView.html(table), TableView.text(table))),
                Rule.html(NDArray.class, TensorView::bundle),
                Rule.html(Throwable.class, ErrorView::bundle),
                Rule.html(Record.class, RecordView::bundle),
                // The class of an array has no superclass but Object, so that this rule is found for all of them.
                new Rule<>(Object.class, List.of(MimeBundle.TEXT), Renderers::array));
    }

    /**
     * No HTML among the forms: it would come before the picture where no plotly extension is. That extension shows the
     * picture too, pixel by pixel, until the mouse enters; more pixels would overflow the cell.
     */
    static MimeBundle chart(Chart chart) {
        return figure(chart)
                .with(MimeBundle.PNG, () -> Base64.getEncoder().encodeToString(chart.png(CHART_WIDTH, CHART_HEIGHT, 1)))
                .withMetadata(MimeBundle.PNG, Map.of("width", CHART_WIDTH, "height", CHART_HEIGHT));
    }

    /** Without the picture. */
    static MimeBundle figure(Chart chart) {
        return MimeBundle.text(chart.toString())
                .with(MimeBundle.PLOTLY, () -> new Gson().fromJson(chart.plotly(), Map.class));
    }

    private static MimeBundle array(Object value) {
        return value.getClass().isArray() ? MimeBundle.text(ArrayText.of(value)) : MimeBundle.NONE;
    }
}
