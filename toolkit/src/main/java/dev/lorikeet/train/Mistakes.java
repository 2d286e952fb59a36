package dev.lorikeet.train;

import dev.lorikeet.base.Tables;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Example;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Prediction;
import dev.lorikeet.model.Predictions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Collects the texts of a table that a classifier gets wrong. */
final class Mistakes {

    private record Mistake(String label, Prediction prediction) {}

    private final Classifier model;
    private final Column<?> texts;
    private final Column<?> labels;
    private final List<Mistake> wrong = new ArrayList<>();

    /** @param table with the columns "label" and "text" */
    Mistakes(Classifier model, Table table) {
        this.model = model;
        this.texts = table.column("text");
        this.labels = table.column("label");
    }

    /** Gives each example its row in place of its label, so that batches in another order tell which rows they hold. */
    static List<Example> numbered(List<Example> examples) {
        return IntStream.range(0, examples.size())
                .mapToObj(row -> new Example(examples.get(row).ids(), row))
                .toList();
    }

    /** Adds the mistakes in a batch of {@link #numbered} examples. */
    void add(Batch batch, float[][] logits) {
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.labels()[i];
            Prediction prediction = Prediction.of(texts.getString(row), model.labels(), logits[i]);
            if (!prediction.label().equals(labels.getString(row))) {
                wrong.add(new Mistake(labels.getString(row), prediction));
            }
        }
    }

    /** @param examples how many texts were classified */
    Table table(int examples) {
        wrong.sort(Comparator.comparingDouble(mistake -> -mistake.prediction().probability()));
        return Tables.create(
                String.format(Locale.ROOT, "%,d mistakes in %,d texts", wrong.size(), examples),
                strings("text", mistake -> mistake.prediction().text()),
                strings("label", Mistake::label),
                strings(Predictions.PREDICTED, mistake -> mistake.prediction().label()),
                DoubleColumn.create(
                        Predictions.CONFIDENCE,
                        wrong.stream()
                                .mapToDouble(mistake -> mistake.prediction().probability())
                                .toArray()));
    }

    private StringColumn strings(String name, Function<Mistake, String> value) {
        return StringColumn.create(name, wrong.stream().map(value).toList());
    }
}
