package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.engine.Backend;
import dev.lorikeet.tensor.engine.Backend.Operation;
import java.util.Arrays;
import java.util.List;

/** What decoding keeps from token to token: earlier keys and values, the padding and the layers' operands. */
final class DecodingState implements AutoCloseable {

    /** Texts at once up to which a product by codes is faster than one by the numbers that they stand for. */
    private static final int FEW = 16;

    private final CausalModel model;
    private final NDManager manager;
    private final int[] padding;
    private final KvCache cache;
    private final FusedLayers stack;
    private FusedLayers forTokens;

    /**
     * @param padding of each text, tokens before its first
     * @param capacity most tokens of a text, padding included
     */
    DecodingState(CausalModel model, int[] padding, int capacity) {
        if (new Backend(model.device()).supports(Operation.SPLIT_GEMV) && model.precision() == DType.FLOAT32) {
            Ops.tuneForSingleRows();
        }
        this.model = model;
        this.manager = model.manager().newSubManager();
        this.padding = padding;
        this.cache = new KvCache(manager, model.config(), model.precision(), padding.length, capacity);
        this.stack = model.transformer().stack(ForwardContext.of(manager, false), manager.getDevice(), false);
    }

    /** Logits for the token after the last one of each row. */
    float[][] logits(int[][] rows) {
        int time = rows[0].length;
        try (NDManager step = manager.newSubManager()) {
            ForwardContext pass = ForwardContext.of(step, false).cache(cache).keep(keep(step, cache.length() + time));
            FusedLayers operands = time == 1 ? forTokens() : stack;
            NDArray hidden = model.transformer().hidden(model.ids(step, rows), pass, operands);
            long[] last = new long[rows.length];
            Arrays.setAll(last, i -> (i + 1L) * time - 1);
            float[] all = model.transformer()
                    .logits(hidden, step.create(last), operands)
                    .toFloatArray();
            int width = all.length / rows.length;
            float[][] logits = new float[rows.length][];
            Arrays.setAll(logits, i -> Arrays.copyOfRange(all, i * width, (i + 1) * width));
            return logits;
        }
    }

    /** Made when the first single tokens come: a prompt has many rows. */
    private FusedLayers forTokens() {
        if (forTokens == null) {
            forTokens = model.transformer()
                    .stack(ForwardContext.of(manager, false), manager.getDevice(), padding.length <= FEW);
        }
        return forTokens;
    }

    /** Null where no text is padded. */
    private NDArray keep(NDManager step, int time) {
        if (Arrays.stream(padding).allMatch(tokens -> tokens == 0)) {
            return null;
        }
        boolean[] keep = new boolean[padding.length * time];
        for (int i = 0; i < padding.length; i++) {
            Arrays.fill(keep, i * time + padding[i], (i + 1) * time, true);
        }
        return step.create(keep, new Shape(padding.length, time));
    }

    static int[][] padded(List<int[]> rows, int[] padding) {
        int[][] padded = new int[padding.length][];
        Arrays.setAll(padded, i -> {
            int[] row = new int[padding[i] + rows.get(i).length];
            System.arraycopy(rows.get(i), 0, row, padding[i], rows.get(i).length);
            return row;
        });
        return padded;
    }

    @Override
    public void close() {
        stack.close();
        if (forTokens != null) {
            forTokens.close();
        }
        cache.close();
        manager.close();
    }
}
