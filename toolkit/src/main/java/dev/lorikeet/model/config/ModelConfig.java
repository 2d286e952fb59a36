package dev.lorikeet.model.config;

import dev.lorikeet.base.BadArgumentException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The settings of a decoder-only transformer.
 *
 * @param family the name of its family, such as "qwen3", which says how files name and store its parts
 * @param vocabSize rows of the token table
 * @param hiddenSize width of the residual stream
 * @param layers number of them
 * @param heads query heads
 * @param keyValueHeads key and value heads; fewer than {@code heads} when queries are grouped
 * @param headDim width of one head
 * @param intermediateSize width of the hidden layer of the MLP
 * @param contextLength longest sequence, in tokens
 * @param norm how it normalises
 * @param normEpsilon of the normalisations
 * @param activation of the MLP
 * @param biases which projections have one
 * @param scales fixed factors and caps
 * @param attention how the tokens of each layer look back
 * @param tiedEmbeddings whether the output head is the token table
 */
public record ModelConfig(
        String family,
        int vocabSize,
        int hiddenSize,
        int layers,
        int heads,
        int keyValueHeads,
        int headDim,
        int intermediateSize,
        int contextLength,
        NormKind norm,
        double normEpsilon,
        Activation activation,
        Biases biases,
        Scales scales,
        List<Attention> attention,
        boolean tiedEmbeddings) {

    public ModelConfig {
        BadArgumentException.unless(layers > 0, "layers", layers, "at least one");
        BadArgumentException.unless(
                keyValueHeads > 0 && heads % keyValueHeads == 0,
                "key-value heads",
                keyValueHeads,
                "a divisor of the number of heads, " + heads);
        attention = List.copyOf(attention);
        BadArgumentException.unless(
                attention.size() == layers,
                "layers with attention settings",
                attention.size(),
                "as many as layers, " + layers);
        for (Attention look : attention) {
            look.rope().ifPresent(rope -> {
                BadArgumentException.unless(
                        rope.dimensions() % 2 == 0,
                        "head width",
                        rope.dimensions(),
                        "an even number, since pairs of elements rotate");
                BadArgumentException.unless(
                        rope.dimensions() <= headDim,
                        "rotary dimensions",
                        rope.dimensions(),
                        "at most the head width, " + headDim);
            });
        }
    }

    /** The different ways in which layers look back, in the order of the first layer that does so. */
    public List<Attention> views() {
        return attention.stream().distinct().toList();
    }

    /** The rotary positions of the first layer that has them. */
    public Optional<Rope> rope() {
        return attention.stream().flatMap(look -> look.rope().stream()).findFirst();
    }

    /** Whether any layer sees less than the context. */
    public boolean isWindowed() {
        return attention.stream().anyMatch(Attention::isWindowed);
    }

    /** Starts from settings that most families share; see {@link Builder}. */
    public static Builder of(String family) {
        return new Builder(family);
    }

    /** A copy to change. */
    public Builder change() {
        return new Builder(this);
    }

    /**
     * Collects settings. What is not set is as in a Llama: RMS norms, SiLU, no biases, an untied head, and attention that sees the
     * whole context, without rotary positions.
     */
    public static final class Builder {

        private final String family;
        private int vocabSize;
        private int hiddenSize;
        private int layers;
        private int heads;
        private int keyValueHeads;
        private int headDim;
        private int intermediateSize;
        private int contextLength;
        private NormKind norm = NormKind.RMS;
        private double normEpsilon = 1e-6;
        private Activation activation = Activation.SILU;
        private Biases biases = Biases.NONE;
        private Scales scales;
        private List<Attention> attention = List.of();
        private boolean tiedEmbeddings;

        private Builder(String family) {
            this.family = family;
        }

        private Builder(ModelConfig from) {
            family = from.family;
            vocabSize = from.vocabSize;
            hiddenSize = from.hiddenSize;
            layers = from.layers;
            heads = from.heads;
            keyValueHeads = from.keyValueHeads;
            headDim = from.headDim;
            intermediateSize = from.intermediateSize;
            contextLength = from.contextLength;
            norm = from.norm;
            normEpsilon = from.normEpsilon;
            activation = from.activation;
            biases = from.biases;
            scales = from.scales;
            attention = from.attention;
            tiedEmbeddings = from.tiedEmbeddings;
        }

        public Builder vocabSize(int value) {
            vocabSize = value;
            return this;
        }

        public int hiddenSize() {
            return hiddenSize;
        }

        public Builder hiddenSize(int value) {
            hiddenSize = value;
            return this;
        }

        public int layers() {
            return layers;
        }

        public Builder layers(int value) {
            layers = value;
            return this;
        }

        public int heads() {
            return heads;
        }

        public Builder heads(int value) {
            heads = value;
            return this;
        }

        /** As many as {@link #heads} unless set. */
        public Builder keyValueHeads(int value) {
            keyValueHeads = value;
            return this;
        }

        /** The width of a head; the hidden size divided by {@link #heads} unless set. */
        public int headDim() {
            return headDim == 0 && heads > 0 ? hiddenSize / heads : headDim;
        }

        public Builder headDim(int value) {
            headDim = value;
            return this;
        }

        public Builder intermediateSize(int value) {
            intermediateSize = value;
            return this;
        }

        public int contextLength() {
            return contextLength;
        }

        public Builder contextLength(int value) {
            contextLength = value;
            return this;
        }

        public Builder norm(NormKind value) {
            norm = value;
            return this;
        }

        public Builder normEpsilon(double value) {
            normEpsilon = value;
            return this;
        }

        public Builder activation(Activation value) {
            activation = value;
            return this;
        }

        public Builder biases(Biases value) {
            biases = value;
            return this;
        }

        /** 1/√headDim for attention and nothing else unless set. */
        public Scales scales() {
            return scales == null ? Scales.ofHeads(headDim()) : scales;
        }

        public Builder scales(Scales value) {
            scales = value;
            return this;
        }

        /** As many as {@link #layers}; every layer sees the whole context, without rotary positions, unless set. */
        public List<Attention> attention() {
            return attention.size() == layers
                    ? attention
                    : Stream.generate(() -> new Attention(Attention.FULL, Optional.empty()))
                            .limit(layers)
                            .toList();
        }

        public Builder attention(List<Attention> value) {
            attention = List.copyOf(value);
            return this;
        }

        /** Lets every layer see the last tokens only, as many as {@code value}. */
        public Builder window(int value) {
            return attention(attention().stream()
                    .map(look -> new Attention(value, look.rope()))
                    .toList());
        }

        /** Gives every layer these rotary positions. */
        public Builder rope(Rope value) {
            return attention(attention().stream()
                    .map(look -> new Attention(look.window(), Optional.of(value)))
                    .toList());
        }

        /** Gives every layer unscaled rotary positions over its whole heads. */
        public Builder rope(double theta) {
            return rope(Rope.of(theta, headDim()));
        }

        public Builder tiedEmbeddings(boolean value) {
            tiedEmbeddings = value;
            return this;
        }

        /** Changes the attention of each layer, given its number and what it was. */
        public Builder eachLayer(LayerChange change) {
            List<Attention> before = attention();
            return attention(IntStream.range(0, layers)
                    .mapToObj(layer -> change.of(layer, before.get(layer)))
                    .toList());
        }

        public ModelConfig build() {
            return new ModelConfig(
                    family,
                    vocabSize,
                    hiddenSize,
                    layers,
                    heads,
                    keyValueHeads == 0 ? heads : keyValueHeads,
                    headDim(),
                    intermediateSize,
                    contextLength,
                    norm,
                    normEpsilon,
                    activation,
                    biases,
                    scales(),
                    attention(),
                    tiedEmbeddings);
        }
    }

    /** Gives the attention of a layer. */
    @FunctionalInterface
    public interface LayerChange {

        Attention of(int layer, Attention before);
    }
}
