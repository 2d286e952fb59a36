package dev.lorikeet.model;

import dev.lorikeet.model.Classifier.Pooling;
import dev.lorikeet.model.block.ForwardContext.Reading;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.input.ModelInput;

/** The states of texts that a head for whole texts reads. */
record PooledRows(ModelConfig config, Pooling pooling) {

    /** Those that a model's files and the family ask for. */
    static Pooling usual(ModelConfig config) {
        return config.encoder()
                .map(encoder -> encoder.averages() ? Pooling.MEAN : Pooling.FIRST_TOKEN)
                .orElse(Pooling.LAST_TOKEN);
    }

    /** What a pass over padded rows reads. A decoder's tokens do not see the padding after them, so that it needs no mask. */
    ModelInput input(int[][] ids, int[] lengths, int[][] tokenTypes) {
        if (!config.isEncoder() && pooling != Pooling.MEAN) {
            return ModelInput.of(ids, null);
        }
        return ModelInput.padded(ids, lengths, pooling == Pooling.MEAN ? Reading.MEAN : Reading.POOLED)
                .tokenTypes(typed() ? tokenTypes : null);
    }

    /** Whether the model tells the texts of a row apart by their types; one with a single type, or none, does not. */
    private boolean typed() {
        return config.encoder().map(encoder -> encoder.tokenTypes() > 1).orElse(false);
    }

    /** The states, as row numbers of the flattened (batch · time), or of the texts where their mean is. */
    long[] rows(int[] lengths, long time) {
        long[] rows = new long[lengths.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = switch (pooling) {
                case FIRST_TOKEN -> i * time;
                case MEAN -> i;
                case LAST_TOKEN -> i * time + lengths[i] - 1;
                case LAST_POSITION -> (i + 1) * time - 1;
            };
        }
        return rows;
    }
}
