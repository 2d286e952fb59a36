package dev.lorikeet.model.generate;

import dev.lorikeet.base.BadArgumentException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * How to continue a text. Immutable; each method gives a changed copy.
 *
 * @param maxTokens most tokens to write
 * @param maxLength most tokens in all, those of the prompt included; 0: no such limit
 * @param temperature divides the logits; 0 takes the likeliest token always
 * @param topK draws from the k likeliest tokens only; 0: all
 * @param topP draws from the smallest set of tokens with this probability (Holtzman et al. 2020); 1: all
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens already there (Keskar et al. 2019); 1: none
 * @param stopTokens texts of tokens that end the continuation, beside the tokenizer's end token
 * @param seed of the draws
 */
public record GenerationConfig(
        int maxTokens,
        int maxLength,
        double temperature,
        int topK,
        double topP,
        double repetitionPenalty,
        List<String> stopTokens,
        long seed)
        implements Serializable {

    public GenerationConfig {
        BadArgumentException.unless(maxTokens > 0, "maxTokens", maxTokens, "at least 1");
        BadArgumentException.unless(maxLength >= 0, "maxLength", maxLength, "0 (no limit) or more");
        BadArgumentException.unless(
                temperature >= 0 && Double.isFinite(temperature), "temperature", temperature, "0 (greedy) or more");
        BadArgumentException.unless(topK >= 0, "topK", topK, "0 (all tokens) or more");
        BadArgumentException.unless(topP > 0 && topP <= 1, "topP", topP, "more than 0 and at most 1");
        BadArgumentException.unless(
                repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
                "repetitionPenalty",
                repetitionPenalty,
                "more than 0; 1 is none");
        stopTokens = List.copyOf(stopTokens);
    }

    /** Most tokens to write after a prompt of so many. */
    public int limit(int prompt) {
        if (maxLength == 0) {
            return maxTokens;
        }
        BadArgumentException.unless(
                maxLength > prompt, "maxLength", maxLength, "more than the prompt's " + prompt + " tokens");
        return Math.min(maxTokens, maxLength - prompt);
    }

    /** The likeliest token each time. */
    public static GenerationConfig greedy(int maxTokens) {
        return new GenerationConfig(maxTokens, 0, 0, 0, 1, 1, List.of(), 123);
    }

    /** Draws from the model's own distribution (temperature 1). */
    public static GenerationConfig sampled(int maxTokens) {
        return greedy(maxTokens).temperature(1);
    }

    /** Sets the most tokens to write. */
    public GenerationConfig maxTokens(int value) {
        return new GenerationConfig(value, maxLength, temperature, topK, topP, repetitionPenalty, stopTokens, seed);
    }

    /** Limits the whole, prompt and continuation together, to so many tokens, as Keras and Hugging Face mean it. */
    public GenerationConfig maxLength(int value) {
        return new GenerationConfig(maxTokens, value, temperature, topK, topP, repetitionPenalty, stopTokens, seed);
    }

    public GenerationConfig temperature(double value) {
        return new GenerationConfig(maxTokens, maxLength, value, topK, topP, repetitionPenalty, stopTokens, seed);
    }

    public GenerationConfig topK(int value) {
        return new GenerationConfig(
                maxTokens, maxLength, temperature, value, topP, repetitionPenalty, stopTokens, seed);
    }

    public GenerationConfig topP(double value) {
        return new GenerationConfig(
                maxTokens, maxLength, temperature, topK, value, repetitionPenalty, stopTokens, seed);
    }

    public GenerationConfig repetitionPenalty(double value) {
        return new GenerationConfig(maxTokens, maxLength, temperature, topK, topP, value, stopTokens, seed);
    }

    /** Adds tokens that end the continuation, such as "&lt;|im_end|&gt;". */
    public GenerationConfig stopAt(String... tokens) {
        List<String> all = Stream.concat(stopTokens.stream(), Stream.of(tokens)).toList();
        return new GenerationConfig(maxTokens, maxLength, temperature, topK, topP, repetitionPenalty, all, seed);
    }

    public GenerationConfig seed(long value) {
        return new GenerationConfig(
                maxTokens, maxLength, temperature, topK, topP, repetitionPenalty, stopTokens, value);
    }
}
