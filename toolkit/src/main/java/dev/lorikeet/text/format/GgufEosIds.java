package dev.lorikeet.text.format;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** The tokens at which llama.cpp ends a text: those that the file's keys name, and those that are end tokens by their spelling. */
public final class GgufEosIds {

    /** Spellings that only special tokens have. They end a text, and are special, whatever their type says. */
    private static final Set<String> SPECIAL_NAMES = Set.of(
            "<|eot_id|>",
            "<|eom_id|>",
            "<|im_end|>",
            "<|end|>",
            "<|return|>",
            "<|call|>",
            "<|calls|>",
            "<|flush|>",
            "<|endoftext|>",
            "<|end_of_text|>",
            "<|tool_response>",
            "<end_of_turn>",
            "<turn|>",
            "<\uff5cend\u2581of\u2581sentence\uff5c>");

    /** Spellings that end a text where they are control tokens. In Qwen's and Gemma's vocabularies some of them are HTML. */
    private static final Set<String> NAMES =
            Set.of("</s>", "<eos>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<end_of_utterance>", "[e~[");

    private static final List<String> KEYS = List.of("eos_token_id", "eot_token_id", "eom_token_id");

    /** Tokens around the parts of a file or a repository, which end the filling of a gap in code, and their spellings. */
    private static final Map<String, List<String>> FILL_IN = Map.of(
            "fim_pad_token_id", List.of("<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"),
            "fim_rep_token_id", List.of("<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"),
            "fim_sep_token_id", List.of("<|file_sep|>"));

    private GgufEosIds() {}

    /** Whether a token is special by its spelling, even if the file calls it a normal one. */
    public static boolean isSpecial(String token) {
        return SPECIAL_NAMES.contains(token);
    }

    /**
     * @param isControl whether a token is a control token
     * @param key the id under a key of the file, if it has the key
     */
    public static Set<Integer> of(Vocabulary vocabulary, IntPredicate isControl, Function<String, OptionalInt> key) {
        Set<Integer> ids = named(vocabulary, isControl);
        KEYS.forEach(name -> key.apply(name).ifPresent(ids::add));
        FILL_IN.keySet().forEach(name -> key.apply(name).ifPresent(ids::add));
        return ids;
    }

    /** The ids of the spellings that a vocabulary has. */
    public static Set<Integer> named(Vocabulary vocabulary, IntPredicate isControl) {
        Set<Integer> ids = new LinkedHashSet<>();
        SPECIAL_NAMES.forEach(name -> vocabulary.id(name).ifPresent(ids::add));
        NAMES.forEach(name -> vocabulary.id(name).stream().filter(isControl).forEach(ids::add));
        FILL_IN.values().forEach(spellings -> spellings.stream()
                .flatMapToInt(name -> vocabulary.id(name).stream())
                .filter(isControl)
                .findFirst()
                .ifPresent(ids::add));
        boolean calls = vocabulary.contains("<|call|>") || vocabulary.contains("<|calls|>");
        // In gpt-oss a message ends with <|end|>, and another may follow.
        if (calls && (vocabulary.contains("<|flush|>") || vocabulary.contains("<|return|>"))) {
            vocabulary.id("<|end|>").ifPresent(ids::remove);
        }
        return ids;
    }
}
