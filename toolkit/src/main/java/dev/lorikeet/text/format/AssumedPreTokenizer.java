package dev.lorikeet.text.format;

import java.nio.file.Path;
import java.util.List;

/**
 * The pre-tokenizer of a GGUF file that names none, chosen by the tokens and the size of its vocabulary.
 *
 * @param reason why it was chosen, as the end of the sentence "as …"
 */
public record AssumedPreTokenizer(PreTokenizer preTokenizer, String reason) {

    /**
     * A family's vocabulary.
     *
     * @param least tokens that it has at least
     * @param most tokens that it has at most
     * @param tokens which it has all
     */
    private record Family(String name, String preTokenizer, int least, int most, List<String> tokens) {

        boolean has(Vocabulary vocabulary) {
            return vocabulary.size() >= least
                    && vocabulary.size() <= most
                    && tokens.stream().allMatch(vocabulary::contains);
        }
    }

    private static final int ANY = Integer.MAX_VALUE;

    /** The first that fits is taken. Spellings that one family alone has need no size. */
    private static final List<Family> FAMILIES = List.of(
            new Family("Llama 3", "llama-bpe", 0, ANY, List.of("<|begin_of_text|>", "<|end_of_text|>")),
            new Family("Qwen 3.5", "qwen35", 248_000, 249_000, List.of("<|im_start|>", "<|endoftext|>")),
            new Family("GPT-2", "gpt-2", 50_257, 50_257, List.of("<|endoftext|>")),
            new Family("Qwen", "qwen2", 151_643, 152_100, List.of("<|endoftext|>")),
            new Family("SmolLM", "smollm", 49_152, 49_300, List.of("<|endoftext|>", "<|im_start|>")),
            new Family("StarCoder", "starcoder", 49_152, 49_300, List.of("<fim_prefix>")),
            new Family("Mistral's Tekken", "tekken", 131_072, 131_072, List.of("[INST]", "<s>")),
            new Family("GPT-4o", "gpt-4o", 199_998, 202_000, List.of("<|endoftext|>")),
            new Family(
                    "DeepSeek V3",
                    "deepseek-v3",
                    128_000,
                    129_500,
                    List.of("<\uff5cbegin\u2581of\u2581sentence\uff5c>", "<\uff5cend\u2581of\u2581sentence\uff5c>")),
            new Family(
                    "DeepSeek Coder",
                    "deepseek-coder",
                    32_000,
                    32_300,
                    List.of("<\uff5cbegin\u2581of\u2581sentence\uff5c>")),
            new Family(
                    "DeepSeek LLM",
                    "deepseek-llm",
                    100_000,
                    102_400,
                    List.of("<\uff5cbegin\u2581of\u2581sentence\uff5c>")),
            new Family("cl100k", "dbrx", 100_256, 100_400, List.of("<|endoftext|>", "<|fim_prefix|>")));

    public static AssumedPreTokenizer of(Vocabulary vocabulary) {
        return FAMILIES.stream()
                .filter(family -> family.has(vocabulary))
                .findFirst()
                .map(family -> new AssumedPreTokenizer(
                        PreTokenizer.named(family.preTokenizer, Path.of("")),
                        "its vocabulary is that of " + family.name))
                .orElseGet(() -> new AssumedPreTokenizer(
                        PreTokenizer.OLDEST,
                        "its vocabulary is of no known family, and the oldest files split words as GPT-2 does"));
    }
}
