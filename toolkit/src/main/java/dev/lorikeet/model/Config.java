package dev.lorikeet.model;

import dev.lorikeet.base.BadArgumentException;

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
 * @param epsilon of the normalisations
 * @param ropeTheta base of the rotary frequencies (Su et al. 2021); 0 without rotary positions
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
        double epsilon,
        double ropeTheta,
        boolean tied) {

    /** The kinds of transformer that the toolkit builds. */
    public enum Architecture {
        GPT2,
        LLAMA
    }

    public Config {
        BadArgumentException.unless(layers > 0, "layers", layers, "at least one");
        BadArgumentException.unless(
                keyValueHeads > 0 && heads % keyValueHeads == 0,
                "key-value heads",
                keyValueHeads,
                "a divisor of the number of heads, " + heads);
    }

    /** GPT-2 as published by Radford et al. 2019: a vocabulary of 50,257, a context of 1,024, heads of 64. */
    public static Config gpt2(int width, int layers, int heads) {
        return new Config(
                Architecture.GPT2, 50_257, width, layers, heads, heads, width / heads, 4 * width, 1024, 1e-5, 0, true);
    }
}
