package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import java.lang.ref.Reference;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/** A model that predicts the next token, and so writes. */
public final class CausalModel extends LanguageModel {

    /** The name of the head that predicts tokens, in every architecture. */
    static final String HEAD = "lm_head";

    CausalModel(Parts parts) {
        super(parts);
    }

    /** Continues a text by at most {@code tokens} tokens, always taking the likeliest. */
    public Generated generate(String prompt, int tokens) {
        return generate(prompt, Generation.greedy(tokens));
    }

    /** Continues a text. */
    public Generated generate(String prompt, Generation settings) {
        return generate(prompt, settings, piece -> {});
    }

    /**
     * Continues a text and hands each new piece of it to {@code listener} as soon as it is known. An interrupt stops it
     * within a token.
     *
     * @param listener receives texts whose concatenation is {@link Generated#text}
     */
    public Generated generate(String prompt, Generation settings, Consumer<String> listener) {
        checkWrites();
        return new Generator(this, settings).continueFrom(prompt, tokenizer().encode(prompt, true), listener);
    }

    /** Continues ids; see {@link #generate(String, Generation)}. */
    public int[] generate(int[] ids, Generation settings) {
        return new Generator(this, settings).continueFrom("", ids, piece -> {}).ids();
    }

    /**
     * Logits for the token after each position.
     *
     * @param manager owns the result
     * @param ids rows of equal length
     * @return float32 (batch, time, vocabulary)
     */
    public NDArray logits(NDManager manager, int[][] ids) {
        checkWrites();
        try (NDManager scope = manager.newSubManager()) {
            Pass pass = Pass.of(scope, false);
            NDArray logits = transformer().logits(transformer().hidden(ids(scope, ids), pass), null, pass);
            NDArray shaped = logits.reshape(new Shape(ids.length, ids[0].length, -1));
            shaped.attach(manager);
            return shaped;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** A classifier takes the head away from the model that it is made from. */
    final void checkWrites() {
        checkOpen();
        if (!transformer().head().path().equals(HEAD)) {
            throw new LorikeetException(
                    "The model %s became a classifier and has no head to write with; load it again".formatted(name()));
        }
    }

    /**
     * A classifier on this model's weights: the head gives way to a new one with a row for each label. Both then share
     * the layers, and this model can no longer write.
     *
     * @param labels at least two different ones, in the order of the classes
     */
    public Classifier classifier(String... labels) {
        return classifier(123, labels);
    }

    /**
     * As {@link #classifier(String...)}.
     *
     * @param seed of the new head's numbers, uniform in ±1/√width as PyTorch initialises a linear layer
     */
    public Classifier classifier(long seed, String... labels) {
        checkWrites();
        List<String> names = List.of(labels);
        BadArgumentException.unless(
                names.size() > 1 && new HashSet<>(names).size() == names.size(),
                "labels",
                names,
                "at least two different labels");
        return Classifier.on(parts(), names, seed);
    }
}
