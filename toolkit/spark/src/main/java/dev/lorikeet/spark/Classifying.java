package dev.lorikeet.spark;

import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.Predictions;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** Adds the label of each text, and its probability. */
record Classifying() implements RowModel {

    @Override
    public List<StructField> fields() {
        return List.of(
                DataTypes.createStructField(Predictions.PREDICTED, DataTypes.StringType, true),
                DataTypes.createStructField(Predictions.CONFIDENCE, DataTypes.DoubleType, true));
    }

    @Override
    public List<Object[]> of(LanguageModel model, List<Object> texts) {
        Predictions predictions = ((Classifier) model)
                .classify(texts.stream().map(String::valueOf).toList());
        List<String> labels = predictions.labels();
        return IntStream.range(0, texts.size())
                .mapToObj(i -> new Object[] {labels.get(i), predictions.get(i).probability()})
                .toList();
    }
}
