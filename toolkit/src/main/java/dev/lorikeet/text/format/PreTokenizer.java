package dev.lorikeet.text.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A way in which byte-level tokenizers split text into words before they merge bytes, and the names that GGUF has for it.
 *
 * @param names values of {@code tokenizer.ggml.pre}; the first is the one that is written
 * @param nfc whether text is composed (Unicode NFC) first
 * @param ignoreMerges whether a word that is a token is taken whole, even where the merges would not arrive at it
 * @param addBos whether llama.cpp puts the start token before a text when the file does not say
 * @param steps the steps of {@code pre_tokenizer} in tokenizer.json, in the form of {@link PreTokenizerSteps}
 */
public record PreTokenizer(
        List<String> names, boolean nfc, boolean ignoreMerges, boolean addBos, List<JsonObject> steps) {

    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

    private static final String LAST_SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /** The expression of cl100k and what is derived from it; the families differ in the digits that they take together. */
    private static String words(String digits) {
        return CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + digits + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                + LAST_SPACES;
    }

    /** The expression of o200k: a word ends where a capital follows a small letter. */
    private static String casedWords(String contractions, String digits) {
        String before = "[^\\r\\n\\p{L}\\p{N}]?";
        String capitals = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
        String small = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
        return before + capitals + "*" + small + "+" + contractions + "|" + before + capitals + "+" + small + "*"
                + contractions + "|" + digits + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*" + LAST_SPACES;
    }

    private static final JsonObject BYTES = PreTokenizerSteps.bytes(false);
    private static final JsonObject GPT2 = PreTokenizerSteps.bytes(true);
    private static final JsonObject DIGITS = PreTokenizerSteps.digits(true);

    /** The pre-tokenizer of a file that names none and whose vocabulary is of no known family. */
    static final PreTokenizer OLDEST =
            of("gpt-2 phi-2 gigachat a.x-4.0 mellum exaone4 jais trillion granite-docling", GPT2);

    /** The names of llama.cpp, of which those with the same steps stand together. */
    private static final List<PreTokenizer> ALL = List.of(
            OLDEST,
            of("olmo mpt", GPT2).composed(),
            of("smollm refact starcoder codeshell exaone minerva-7b mellum2", DIGITS, GPT2),
            of("command-r", DIGITS, GPT2).composed(),
            of("llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2", split(words("\\p{N}{1,3}")), BYTES)
                    .wholeWords()
                    .startingWithBos(),
            // Llama 3's vocabulary where no start token belongs before a text, as SmolLM3 has it.
            of("smaug-bpe", split(words("\\p{N}{1,3}")), BYTES).wholeWords(),
            of("dbrx glm4 chatglm-bpe", split(words("\\p{N}{1,3}")), BYTES),
            of("qwen2 deepseek-r1-qwen megrez kormo f2llmv2", split(words("\\p{N}")), BYTES)
                    .composed(),
            of("stablelm2 hunyuan solar-open grok-2", split(words("\\p{N}")), BYTES),
            of(
                            "qwen35",
                            split(CONTRACTIONS
                                    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*"
                                    + LAST_SPACES),
                            BYTES)
                    .composed(),
            of("tekken", split(casedWords("", "\\p{N}")), BYTES).wholeWords().startingWithBos(),
            of("gpt-4o llama4 kanana2 talkie minimax-m2", split(casedWords(CONTRACTIONS + "?", "\\p{N}{1,3}")), BYTES),
            of(
                    "tiny_aya cohere2moe",
                    split("\\d{1,3}(?=(?:\\d{3})*\\b)"),
                    split(casedWords(CONTRACTIONS + "?", "\\p{N}{1,3}")),
                    BYTES),
            of(
                    "deepseek-llm",
                    split("[\r\n]"),
                    split("\\s?[" + PreTokenizerSteps.CASED_LETTERS + "]+"),
                    split("\\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+"),
                    split("\\s+$"),
                    split("[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"),
                    DIGITS,
                    BYTES),
            of(
                    "deepseek-coder",
                    split("[\r\n]"),
                    split("\\s?\\p{L}+"),
                    split("\\s?\\p{P}+"),
                    split("[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"),
                    DIGITS,
                    BYTES),
            of(
                    "deepseek-v3 hunyuan-dense joyai-llm",
                    split("\\p{N}{1,3}"),
                    split("[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"),
                    split(
                            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                                    + "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"),
                    BYTES),
            of(
                    "falcon",
                    PreTokenizerSteps.punctuation(),
                    GPT2,
                    PreTokenizerSteps.digits(false),
                    split("[0-9][0-9][0-9]")),
            of("bloom poro-chat gpt3-finnish", split(PreTokenizerSteps.BLOOM), BYTES),
            of("viking", split(PreTokenizerSteps.BLOOM), DIGITS, BYTES),
            of(
                    "jais-2",
                    split(CONTRACTIONS
                            + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+"
                            + "|\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)|\\s{32}(?!\\S)|\\s{16}(?!\\S)"
                            + "|\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s{1}"),
                    BYTES),
            of("minicpm5", split("\\p{N}{1,3}"), split(words("\\p{N}+")), BYTES).wholeWords(),
            of("superbpe", split("\\p{N}+"), split("(?=(\\d{3})+(?!\\d))"), BYTES),
            of(
                    "bailingmoe bailingmoe2 llada-moe",
                    split("'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*"
                            + "|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"),
                    BYTES),
            of(
                    "seed-coder",
                    split(CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\\r\\n]+"
                            + LAST_SPACES),
                    BYTES),
            of(
                    "exaone-moe",
                    split(CONTRACTIONS
                            + "|[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+|\\p{N}"
                            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"),
                    BYTES),
            of("laguna", split("[^\\n]+|[\\n]+"), split(words("\\p{N}")), BYTES));

    private static PreTokenizer of(String names, JsonObject... steps) {
        return new PreTokenizer(List.of(names.split(" ")), false, false, false, List.of(steps));
    }

    private static JsonObject split(String expression) {
        return PreTokenizerSteps.split(expression);
    }

    private PreTokenizer composed() {
        return new PreTokenizer(names, true, ignoreMerges, addBos, steps);
    }

    private PreTokenizer wholeWords() {
        return new PreTokenizer(names, nfc, true, addBos, steps);
    }

    private PreTokenizer startingWithBos() {
        return new PreTokenizer(names, nfc, ignoreMerges, true, steps);
    }

    public String name() {
        return names.get(0);
    }

    /** @throws BadFileException if the name is not known here; the message lists those that are */
    public static PreTokenizer named(String name, Path forErrors) {
        return ALL.stream()
                .filter(one -> one.names.contains(name))
                .findFirst()
                .orElseThrow(() -> new BadFileException(
                        forErrors,
                        "its pre-tokenizer is \"%s\" (tokenizer.ggml.pre), which is not known; known are: default, %s"
                                .formatted(name, String.join(", ", known()))));
    }

    public static Set<String> known() {
        TreeSet<String> known = new TreeSet<>();
        ALL.forEach(one -> known.addAll(one.names));
        return known;
    }

    /**
     * Finds the pre-tokenizer that a tokenizer.json asks for.
     *
     * @throws BadFileException if GGUF has no name for it, or none that is known here
     */
    public static PreTokenizer in(JsonObject tokenizer, Path forErrors) {
        List<JsonObject> steps = PreTokenizerSteps.canonical(tokenizer.get("pre_tokenizer"));
        boolean nfc = isComposed(tokenizer, forErrors);
        boolean ignoreMerges = tokenizer.get("model") instanceof JsonObject model
                && model.has("ignore_merges")
                && model.get("ignore_merges").getAsBoolean();
        // What changes more ids comes first: nearly all text is composed as it is.
        List<PreTokenizer> alike =
                ALL.stream().filter(one -> one.steps.equals(steps)).toList();
        return Stream.of(true, false)
                .flatMap(merges -> Stream.of(true, false).flatMap(composed -> alike.stream()
                        .filter(one -> !merges || one.ignoreMerges == ignoreMerges)
                        .filter(one -> !composed || one.nfc == nfc)))
                .findFirst()
                .orElseThrow(() -> new BadFileException(
                        forErrors,
                        "its pre_tokenizer is %s, for which no name of GGUF is known; known are those of %s"
                                .formatted(tokenizer.get("pre_tokenizer"), String.join(", ", known()))));
    }

    /** Other changes of characters would be lost, as llama.cpp makes none in a byte-level tokenizer. */
    private static boolean isComposed(JsonObject tokenizer, Path forErrors) {
        if (!(tokenizer.get("normalizer") instanceof JsonObject normalizer)) {
            return false;
        }
        if (normalizer.get("normalizers") instanceof JsonArray several && several.size() == 0) {
            return false;
        }
        String type = normalizer.get("type").getAsString();
        if (!type.toUpperCase(Locale.ROOT).equals("NFC")) {
            throw new BadFileException(
                    forErrors,
                    "normalizes text by %s, which GGUF cannot say; it can say NFC or nothing".formatted(normalizer));
        }
        return true;
    }
}
