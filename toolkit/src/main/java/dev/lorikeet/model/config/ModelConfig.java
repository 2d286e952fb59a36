package dev.lorikeet.model.config;

import dev.lorikeet.base.BadArgumentException;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a transformer: of a decoder, or of an encoder.
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
 * @param encoder what an encoder has besides; empty for a decoder
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
        boolean tiedEmbeddings,
        Optional<EncoderConfig> encoder) {

    public ModelConfig {
        checkSize("vocabulary size", vocabSize);
        checkSize("hidden size", hiddenSize);
        checkSize("number of layers", layers);
        checkSize("number of heads", heads);
        checkSize("head width", headDim);
        checkSize("intermediate size", intermediateSize);
        checkSize("context length", contextLength);
        BadArgumentException.unless(
                normEpsilon >= 0 && Double.isFinite(normEpsilon), "norm epsilon", normEpsilon, "0 or a small number");
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
                        rope.theta() > 0 && Double.isFinite(rope.theta()),
                        "rotary base",
                        rope.theta(),
                        "a number above 0");
                BadArgumentException.unless(
                        rope.dimensions() > 0 && rope.dimensions() % 2 == 0,
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

    private static void checkSize(String name, int size) {
        BadArgumentException.unless(size > 0, name, size, "at least 1");
    }

    /** Whether its tokens see those after them too. */
    public boolean isEncoder() {
        return encoder.isPresent();
    }

    /** The row of the table of positions that the first token has. */
    public int firstPosition() {
        return encoder.map(EncoderConfig::firstPosition).orElse(0);
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

    /** Starts from settings that most families share; see {@link ModelConfigBuilder}. */
    public static ModelConfigBuilder of(String family) {
        return new ModelConfigBuilder(family);
    }

    /** A copy to change. */
    public ModelConfigBuilder change() {
        return new ModelConfigBuilder(this);
    }
}
