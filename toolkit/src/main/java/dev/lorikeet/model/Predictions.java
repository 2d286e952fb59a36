package dev.lorikeet.model;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.Tables;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.RandomAccess;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a {@link Classifier} says of several texts, in their order; an immutable list. */
public final class Predictions extends AbstractList<Prediction> implements RandomAccess, Renderable {

    /** The columns in which tables hold the label that was predicted, and its probability. */
    public static final String PREDICTED = "predicted";

    public static final String CONFIDENCE = "confidence";

    private static final int MOST_SHOWN = 20;

    private final List<Prediction> predictions;

    Predictions(List<Prediction> predictions) {
        this.predictions = List.copyOf(predictions);
    }

    @Override
    public Prediction get(int index) {
        return predictions.get(index);
    }

    @Override
    public int size() {
        return predictions.size();
    }

    /** The predicted labels in the order of the texts; several of a text with commas between them. */
    public List<String> labels() {
        return predictions.stream().map(Prediction::named).toList();
    }

    /** How many texts each predicted label has, the commonest first. */
    public Map<String, Long> counts() {
        Map<String, Long> counts =
                predictions.stream().collect(Collectors.groupingBy(Prediction::named, Collectors.counting()));
        Map<String, Long> ordered = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
        return ordered;
    }

    /** A table with the columns "text", "predicted" and "confidence", 0 to 1. */
    public Table table() {
        return addTo(Tables.create(
                "Predictions",
                StringColumn.create(
                        "text", predictions.stream().map(Prediction::text).toList())));
    }

    /** A copy of a table of the texts with the columns "predicted" and "confidence", in place of those of an earlier call. */
    Table addTo(Table texts) {
        Table table = texts.copy();
        Stream.of(PREDICTED, CONFIDENCE).filter(table::containsColumn).forEach(table::removeColumns);
        return table.addColumns(
                StringColumn.create(PREDICTED, labels()),
                DoubleColumn.create(
                        CONFIDENCE,
                        predictions.stream()
                                .mapToDouble(Prediction::probability)
                                .toArray()));
    }

    private String title() {
        return String.format(Locale.ROOT, "%,d texts", size())
                + counts().entrySet().stream()
                        .map(entry -> String.format(Locale.ROOT, ", %,d %s", entry.getValue(), entry.getKey()))
                        .collect(Collectors.joining());
    }

    @Override
    public String toString() {
        return title()
                + predictions.stream()
                        .limit(MOST_SHOWN)
                        .map(prediction -> "\n" + prediction)
                        .collect(Collectors.joining())
                + (size() > MOST_SHOWN ? "\n…" : "");
    }

    @Override
    public String html() {
        HtmlTable table = HtmlTable.of("Text", "Predicted", "Confidence").title(title());
        predictions.stream()
                .limit(MOST_SHOWN)
                .forEach(prediction -> table.row(
                        prediction.text(),
                        prediction.named(),
                        String.format(Locale.ROOT, "%.1f %%", 100 * prediction.probability())));
        return size() > MOST_SHOWN
                ? table.caption("The first %d; table() has them all".formatted(MOST_SHOWN))
                        .html()
                : table.html();
    }
}
