package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.tensor.TensorMemory;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Adapters that change something, without training them. */
final class Adapters {

    static final int[] IDS = {29, 26, 4, 13, 3, 26, 31, 3, 30};

    private Adapters() {}

    /** Fills B with numbers, as training would. */
    static LoraAdapter filled(LoraAdapter adapter, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        adapter.adaptedProjections()
                .forEach(adapted -> fill(adapted.weights().b().getArray(), random));
        return adapter;
    }

    private static void fill(NDArray array, SplittableRandom random) {
        for (ByteBuffer bytes : TensorMemory.bytes(array)) {
            var floats = bytes.asFloatBuffer();
            while (floats.hasRemaining()) {
                floats.put((float) (random.nextDouble() - 0.5));
            }
        }
    }

    /** All logits of {@link #IDS}, or a classifier's. */
    static float[] logits(LanguageModel model) {
        return logits(model, false);
    }

    static float[] logits(LanguageModel model, boolean training) {
        try (NDManager scope = model.manager().newSubManager()) {
            long[] row = new long[IDS.length];
            for (int i = 0; i < row.length; i++) {
                row[i] = IDS[i];
            }
            NDArray ids = scope.create(row).reshape(1, row.length);
            ForwardContext pass = ForwardContext.of(scope, training);
            NDArray logits = model instanceof Classifier classifier
                    ? classifier.logits(ids, new int[] {IDS.length}, pass)
                    : model.transformer().logits(model.transformer().hidden(ids, pass), null, pass);
            return logits.toFloatArray();
        }
    }

    static float distance(float[] one, float[] other) {
        float worst = one.length == other.length ? 0 : Float.POSITIVE_INFINITY;
        for (int i = 0; i < one.length && i < other.length; i++) {
            worst = Math.max(worst, Math.abs(one[i] - other[i]));
        }
        return worst;
    }
}
