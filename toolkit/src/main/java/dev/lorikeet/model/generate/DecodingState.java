package dev.lorikeet.model.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.FusedLayers;
import dev.lorikeet.model.block.KvCache;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.input.TokenIds;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.engine.Backend;
import dev.lorikeet.tensor.engine.Backend.Operation;
import java.util.Arrays;
import java.util.List;

/** What decoding keeps from token to token: earlier keys and values, the padding and the layers' operands. */
final class DecodingState implements AutoCloseable {

    /** Texts at once up to which a product with quantized weights is faster than one with dequantized weights. */
    private static final int FEW = 16;

    private final Transformer transformer;
    private final NDManager manager;
    private final int[] padding;
    private final KvCache cache;
    private final FusedLayers stack;
    private final int[][] seen;
    private FusedLayers forTokens;

    /**
     * @param padding of each text, tokens before its first
     * @param capacity most tokens of a text, padding included
     */
    DecodingState(Transformer transformer, int[] padding, int capacity) {
        this.manager = transformer.manager().newSubManager();
        if (new Backend(manager.getDevice()).supports(Operation.SPLIT_GEMV)
                && transformer.computeDtype() == DType.FLOAT32) {
            Ops.tuneForSingleRows();
        }
        this.transformer = transformer;
        this.padding = padding;
        this.seen = new int[padding.length][capacity];
        this.cache = new KvCache(manager, transformer.config(), transformer.computeDtype(), padding.length, capacity);
        this.stack = transformer.stack(ForwardContext.of(manager, false), manager.getDevice(), false);
    }

    /** Logits for the token after the last one of each row. */
    float[][] logits(int[][] next) {
        int[][] rows = remembered(next);
        int time = rows[0].length;
        try (NDManager step = manager.newSubManager()) {
            ForwardContext context =
                    ForwardContext.of(step, false).cache(cache).paddingMask(keep(step, cache.length() + time));
            FusedLayers operands = time == 1 ? forTokens() : stack;
            NDArray ids = TokenIds.of(step, rows, transformer.config().vocabSize());
            NDArray hidden = transformer.hidden(ids, context, operands);
            long[] last = new long[rows.length];
            Arrays.setAll(last, i -> (i + 1L) * time - 1);
            float[] all =
                    transformer.logits(hidden, step.create(last), operands).toFloatArray();
            int width = all.length / rows.length;
            float[][] logits = new float[rows.length][];
            Arrays.setAll(logits, i -> Arrays.copyOfRange(all, i * width, (i + 1) * width));
            return logits;
        }
    }

    /** The rows to compute: the next ones, or all so far where the cache is outdated, as rotary frequencies have changed. */
    private int[][] remembered(int[][] next) {
        int before = cache.length();
        int after = before + next[0].length;
        for (int i = 0; i < next.length; i++) {
            System.arraycopy(next[i], 0, seen[i], before, next[i].length);
        }
        if (!transformer.outdatesCache(before, after)) {
            return next;
        }
        cache.clear();
        return Arrays.stream(seen).map(row -> Arrays.copyOf(row, after)).toArray(int[][]::new);
    }

    /** Made when the first single tokens come: a prompt has many rows. */
    private FusedLayers forTokens() {
        if (forTokens == null) {
            forTokens =
                    transformer.stack(ForwardContext.of(manager, false), manager.getDevice(), padding.length <= FEW);
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
