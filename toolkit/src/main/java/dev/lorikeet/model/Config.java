package dev.lorikeet.model;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;

/**
 * The shape of a decoder-only transformer.
 *
 * @param architecture which blocks it is built of
 * @param vocabulary rows of the token table
 * @param width of the residual stream
 * @param layers number of them
 * @param heads query heads
 * @param keyValueHeads key and value heads; fewer than {@code heads} when queries are grouped
 * @param headWidth of one head
 * @param mlpWidth of the hidden layer of the MLP
 * @param context longest sequence, in tokens
 * @param window how many tokens a token looks at, itself and those just before it; the context where it looks at all
 * @param epsilon of the normalisations
 * @param rope rotary positions
 * @param biases which projections have one
 * @param tied whether the output head is the token table
 */
public record Config(
        Architecture architecture,
        int vocabulary,
        int width,
        int layers,
        int heads,
        int keyValueHeads,
        int headWidth,
        int mlpWidth,
        int context,
        int window,
        double epsilon,
        Rope rope,
        Biases biases,
        boolean tied) {

    /** The kinds of transformer that the toolkit builds. */
    public enum Architecture {
        GPT2,
        /** Mistral and Qwen2 are made of the same. */
        LLAMA
    }

    public Config {
        BadArgumentException.unless(layers > 0, "layers", layers, "at least one");
        BadArgumentException.unless(
                keyValueHeads > 0 && heads % keyValueHeads == 0,
                "key-value heads",
                keyValueHeads,
                "a divisor of the number of heads, " + heads);
        BadArgumentException.unless(
                architecture == Architecture.GPT2 || headWidth % 2 == 0,
                "head width",
                headWidth,
                "an even number, since pairs of numbers turn");
        BadArgumentException.unless(window > 0, "window", window, "at least one token");
    }

    /**
     * One whose tokens look at all before them, with unscaled rotary positions; a GPT-2 has a bias on every projection, a
     * Llama on none.
     */
    public Config(
            Architecture architecture,
            int vocabulary,
            int width,
            int layers,
            int heads,
            int keyValueHeads,
            int headWidth,
            int mlpWidth,
            int context,
            double epsilon,
            double ropeTheta,
            boolean tied) {
        this(
                architecture,
                vocabulary,
                width,
                layers,
                heads,
                keyValueHeads,
                headWidth,
                mlpWidth,
                context,
                context,
                epsilon,
                Rope.of(ropeTheta),
                architecture == Architecture.GPT2 ? Biases.ALL : Biases.NONE,
                tied);
    }

    /**
     * The shape of a published model: {@code gpt2}, {@code gpt2-medium}, {@code gpt2-large}, {@code gpt2-xl}, {@code
     * llama-2-7b}, {@code tinyllama-1.1b}, {@code smollm2-135m} or {@code qwen2.5-0.5b}.
     */
    public static Config named(String model) {
        return PublishedShapes.of(model);
    }

    /** GPT-2 as published by Radford et al. 2019: a vocabulary of 50,257, a context of 1,024, heads of 64. */
    public static Config gpt2(int width, int layers, int heads) {
        return new Config(
                Architecture.GPT2, 50_257, width, layers, heads, heads, width / heads, 4 * width, 1024, 1e-5, 0, true);
    }

    /** Of the Llama family: the name that transformers and GGUF have for its kind; Mistral is a Llama in GGUF. */
    enum Family {
        LLAMA,
        MISTRAL,
        QWEN2
    }

    /** @throws LorikeetException if no member of the family is like this */
    Family family() {
        boolean windowed = window < context;
        if (biases.queryKeyValue() && !biases.out() && !biases.mlp() && !windowed) {
            return Family.QWEN2;
        }
        if (windowed && !biases.equals(Biases.NONE)) {
            throw new LorikeetException("No kind of model that other tools know has both a window and biases as here: "
                    + "window of " + window + " tokens, " + biases);
        }
        return windowed ? Family.MISTRAL : Family.LLAMA;
    }
}
