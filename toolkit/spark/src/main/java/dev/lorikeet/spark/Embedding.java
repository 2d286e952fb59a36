package dev.lorikeet.spark;

import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.embed.Embeddings;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** Adds the vector of each text. */
record Embedding() implements RowModel {

    @Override
    public List<StructField> fields() {
        return List.of(
                DataTypes.createStructField("embedding", DataTypes.createArrayType(DataTypes.FloatType, false), true));
    }

    @Override
    public List<Object[]> of(LanguageModel model, List<Object> texts) {
        Embeddings embeddings =
                model.embedder().embed(texts.stream().map(String::valueOf).toList());
        return IntStream.range(0, texts.size())
                .mapToObj(i -> new Object[] {boxed(embeddings.vector(i))})
                .toList();
    }

    private static Float[] boxed(float[] vector) {
        Float[] boxed = new Float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            boxed[i] = vector[i];
        }
        return boxed;
    }
}
