package dev.lorikeet.model.config;

import dev.lorikeet.base.BadArgumentException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Collects settings. What is not set is as in a Llama: RMS norms, SiLU, no biases, an untied head, and attention that sees the
 * whole context, without rotary positions.
 */
public final class ModelConfigBuilder {

    /** Far above any model's; each has settings of its own in memory. */
    private static final int MOST_LAYERS = 10_000;

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
    private Optional<EncoderConfig> encoder = Optional.empty();

    ModelConfigBuilder(String family) {
        this.family = family;
    }

    ModelConfigBuilder(ModelConfig from) {
        family = from.family();
        vocabSize = from.vocabSize();
        hiddenSize = from.hiddenSize();
        layers = from.layers();
        heads = from.heads();
        keyValueHeads = from.keyValueHeads();
        headDim = from.headDim();
        intermediateSize = from.intermediateSize();
        contextLength = from.contextLength();
        norm = from.norm();
        normEpsilon = from.normEpsilon();
        activation = from.activation();
        biases = from.biases();
        scales = from.scales();
        attention = from.attention();
        tiedEmbeddings = from.tiedEmbeddings();
        encoder = from.encoder();
    }

    public ModelConfigBuilder vocabSize(int value) {
        vocabSize = value;
        return this;
    }

    public int hiddenSize() {
        return hiddenSize;
    }

    public ModelConfigBuilder hiddenSize(int value) {
        hiddenSize = value;
        return this;
    }

    public int layers() {
        return layers;
    }

    public ModelConfigBuilder layers(int value) {
        BadArgumentException.unless(
                value > 0 && value <= MOST_LAYERS, "number of layers", value, "1 to " + MOST_LAYERS);
        layers = value;
        return this;
    }

    public int heads() {
        return heads;
    }

    public ModelConfigBuilder heads(int value) {
        heads = value;
        return this;
    }

    /** As many as {@link #heads} unless set. */
    public ModelConfigBuilder keyValueHeads(int value) {
        keyValueHeads = value;
        return this;
    }

    /** The width of a head; the hidden size divided by {@link #heads} unless set. */
    public int headDim() {
        return headDim == 0 && heads > 0 ? hiddenSize / heads : headDim;
    }

    public ModelConfigBuilder headDim(int value) {
        headDim = value;
        return this;
    }

    public ModelConfigBuilder intermediateSize(int value) {
        intermediateSize = value;
        return this;
    }

    public int contextLength() {
        return contextLength;
    }

    public ModelConfigBuilder contextLength(int value) {
        contextLength = value;
        return this;
    }

    public ModelConfigBuilder norm(NormKind value) {
        norm = value;
        return this;
    }

    public ModelConfigBuilder normEpsilon(double value) {
        normEpsilon = value;
        return this;
    }

    public ModelConfigBuilder activation(Activation value) {
        activation = value;
        return this;
    }

    public ModelConfigBuilder biases(Biases value) {
        biases = value;
        return this;
    }

    /** 1/√headDim for attention and nothing else unless set. */
    public Scales scales() {
        return scales == null ? Scales.ofHeads(headDim()) : scales;
    }

    public ModelConfigBuilder scales(Scales value) {
        scales = value;
        return this;
    }

    /** As many as {@link #layers}; every layer sees the whole context, without rotary positions, unless set. */
    public List<Attention> attention() {
        return attention.size() == layers
                ? attention
                : Stream.generate(() -> new Attention(Attention.FULL, Optional.empty()))
                        .limit(Math.max(0, layers))
                        .toList();
    }

    public ModelConfigBuilder attention(List<Attention> value) {
        attention = List.copyOf(value);
        return this;
    }

    /** Lets every layer see the last tokens only, as many as {@code value}. */
    public ModelConfigBuilder window(int value) {
        return attention(attention().stream()
                .map(look -> new Attention(value, look.rope()))
                .toList());
    }

    /** Gives every layer these rotary positions. */
    public ModelConfigBuilder rope(Rope value) {
        return attention(attention().stream()
                .map(look -> new Attention(look.window(), Optional.of(value)))
                .toList());
    }

    /** Gives every layer unscaled rotary positions over its whole heads. */
    public ModelConfigBuilder rope(double theta) {
        return rope(Rope.of(theta, headDim()));
    }

    public ModelConfigBuilder tiedEmbeddings(boolean value) {
        tiedEmbeddings = value;
        return this;
    }

    /** What an encoder has besides; as BERT has it unless set. */
    public EncoderConfig encoder() {
        return encoder.orElse(EncoderConfig.plain());
    }

    /** Makes it an encoder. */
    public ModelConfigBuilder encoder(EncoderConfig value) {
        encoder = Optional.of(value);
        return this;
    }

    /** Changes the attention of each layer, given its number and what it was. */
    public ModelConfigBuilder eachLayer(LayerChange change) {
        List<Attention> before = attention();
        return attention(IntStream.range(0, layers)
                .mapToObj(layer -> change.of(layer, before.get(layer)))
                .toList());
    }

    /** @throws dev.lorikeet.base.BadArgumentException if a size is missing, negative or does not fit the others */
    public ModelConfig build() {
        BadArgumentException.unless(
                headDim > 0 || heads <= 0 || hiddenSize % heads == 0,
                "number of heads",
                heads,
                "a divisor of the hidden size, " + hiddenSize);
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
                tiedEmbeddings,
                encoder);
    }

    /** Gives the attention of a layer. */
    @FunctionalInterface
    public interface LayerChange {

        Attention of(int layer, Attention before);
    }
}
