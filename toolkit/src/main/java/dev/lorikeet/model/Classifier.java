package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.Parameters;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.block.Weight;
import dev.lorikeet.model.io.LoadedModel;
import dev.lorikeet.tensor.InitialValues;
import java.lang.ref.Reference;
import java.util.List;
import java.util.SplittableRandom;

/** A model that assigns a text to one of a few labels, from the state of one of its tokens. */
public final class Classifier extends LanguageModel {

    /** The token whose state is classified. */
    public enum Pooling {
        /** The last token of the text itself. */
        LAST_TOKEN,
        /** The last position of the batch, padding or not, and padding is looked at: as in Appendix E of "LLMs from scratch". */
        LAST_POSITION
    }

    private final List<String> labels;
    private Pooling pooling = Pooling.LAST_TOKEN;

    private Classifier(LoadedModel parts, Adapters adapters, List<String> labels) {
        super(parts, adapters);
        this.labels = labels;
    }

    static Classifier on(LoadedModel parts, Adapters adapters, List<String> labels, long seed) {
        Transformer transformer = parts.transformer();
        long width = transformer.config().hiddenSize();
        SplittableRandom random = new SplittableRandom(seed);
        double bound = 1 / Math.sqrt(width);
        Parameter weight = uniform(parts.manager(), "score.weight", new Shape(labels.size(), width), bound, random);
        Parameter bias = uniform(parts.manager(), "score.bias", new Shape(labels.size()), bound, random);
        for (Parameter parameter : List.of(weight, bias)) {
            Parameters.change(parameter, true, transformer.computeDtype());
        }
        transformer.replaceHead(new Projection(
                "score",
                Weight.of(weight, transformer.head().host()),
                bias,
                transformer.computeDtype(),
                transformer.head().host()));
        return new Classifier(parts, adapters, labels);
    }

    private static Parameter uniform(
            NDManager manager, String name, Shape shape, double bound, SplittableRandom random) {
        return Parameters.frozen(
                name, InitialValues.draw(manager, shape, () -> random.nextDouble() * 2 * bound - bound));
    }

    /** The labels, in the order of the classes. */
    public List<String> labels() {
        return labels;
    }

    public Pooling pooling() {
        return pooling;
    }

    /** Chooses the token whose state is classified; {@link Pooling#LAST_TOKEN} unless set. */
    public Classifier pooling(Pooling chosen) {
        this.pooling = chosen;
        return this;
    }

    /** Classifies one text, cut to the model's context. */
    public Prediction classify(String text) {
        checkOpen();
        int[] row = encode(text);
        BadArgumentException.unless(row.length > 0, "text", text, "a text of at least one token");
        try (NDManager scope = manager().newSubManager()) {
            float[] logits = logits(
                            ids(scope, new int[][] {row}), new int[] {row.length}, ForwardContext.of(scope, false))
                    .toFloatArray();
            return Prediction.of(text, labels, logits);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * One row of logits (batch, labels) in float32 for each row of ids.
     *
     * @param ids int64 (batch, time), padded on the right
     * @param lengths real tokens of each row
     */
    public NDArray logits(NDArray ids, int[] lengths, ForwardContext pass) {
        long[] rows = rows(lengths, ids.getShape().get(1));
        NDArray hidden = transformer().hidden(ids, pass);
        return transformer().logits(hidden, ids.getManager().create(rows), pass);
    }

    /**
     * The states that are classified, as row numbers of the flattened (batch · time).
     *
     * @param lengths real tokens of each row
     * @param time tokens of a row, padding included
     */
    public long[] rows(int[] lengths, long time) {
        long[] rows = new long[lengths.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i * time + (pooling == Pooling.LAST_TOKEN ? lengths[i] : time) - 1;
        }
        return rows;
    }
}
