package dev.lorikeet.train.score;

import dev.lorikeet.base.Tables;
import dev.lorikeet.model.Prediction;
import dev.lorikeet.model.Predictions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The texts of a table that a classifier gets wrong. */
public final class Mistakes {

    private record Mistake(String label, Prediction prediction) {}

    private Mistakes() {}

    /** @param labels the right ones, in the order of the predictions; several of a text with commas between them */
    public static Table table(List<Prediction> predictions, List<String> labels) {
        List<Mistake> wrong = IntStream.range(0, predictions.size())
                .filter(row -> !predictions.get(row).named().equals(labels.get(row)))
                .mapToObj(row -> new Mistake(labels.get(row), predictions.get(row)))
                .sorted(Comparator.comparingDouble(
                        mistake -> -mistake.prediction().probability()))
                .toList();
        return Tables.create(
                String.format(Locale.ROOT, "%,d mistakes in %,d texts", wrong.size(), predictions.size()),
                strings(wrong, "text", mistake -> mistake.prediction().text()),
                strings(wrong, "label", Mistake::label),
                strings(wrong, Predictions.PREDICTED, mistake -> mistake.prediction()
                        .named()),
                DoubleColumn.create(
                        Predictions.CONFIDENCE,
                        wrong.stream()
                                .mapToDouble(mistake -> mistake.prediction().probability())
                                .toArray()));
    }

    private static StringColumn strings(List<Mistake> wrong, String name, Function<Mistake, String> value) {
        return StringColumn.create(name, wrong.stream().map(value).toList());
    }
}
