package dev.lorikeet.text.format;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.format.TokenizerJson.Added;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A byte-level tokenizer in a pair of files, a vocabulary in JSON and a list of merges, under OpenAI's names or Hugging Face's. The
 * files beside them say how text is split and which tokens are added, as transformers' slow tokenizers read them.
 */
public final class BpeFiles {

    private static final Map<String, String> MERGES_OF =
            Map.of("vocab.json", "merges.txt", "encoder.json", "vocab.bpe");

    /** Special tokens of vocabularies whose settings are not at hand; merges do not make them. */
    private static final List<String> SPECIAL =
            List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<s>", "</s>", "<pad>", "<unk>", "<mask>");

    private static final String GPT2 = "GPT2Tokenizer";
    private static final String QWEN2 = "Qwen2Tokenizer";
    private static final String END = "<|endoftext|>";

    /** The special tokens that a class has where its files name none. */
    private static final Map<String, Map<String, String>> USUAL = Map.of(
            GPT2, Map.of("bos_token", END, "eos_token", END, "unk_token", END),
            QWEN2, Map.of("eos_token", END, "unk_token", END, "pad_token", END));

    /** Slow tokenizers of transformers that split words as GPT-2's does. */
    private static final List<String> LIKE_GPT2 = List.of(
            GPT2,
            "CodeGenTokenizer",
            "RobertaTokenizer",
            "BartTokenizer",
            "LongformerTokenizer",
            "BlenderbotTokenizer",
            "WhisperTokenizer",
            "DebertaTokenizer");

    private BpeFiles() {}

    /** The merges that belong to a vocabulary file, if its name is one of the known ones, perhaps after a prefix. */
    public static Optional<Path> mergesOf(Path vocabulary) {
        String name = vocabulary.getFileName().toString();
        return MERGES_OF.entrySet().stream()
                .filter(pair -> name.endsWith(pair.getKey()))
                .map(pair -> vocabulary.resolveSibling(
                        name.substring(0, name.length() - pair.getKey().length()) + pair.getValue()))
                .findFirst();
    }

    public static TokenizerJson read(Path vocabulary, Path merges) {
        Map<String, Integer> ids = new TreeMap<>();
        JsonObject json = JsonFiles.object(vocabulary);
        try {
            json.entrySet()
                    .forEach(entry -> ids.put(entry.getKey(), entry.getValue().getAsInt()));
        } catch (IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
            throw new BadFileException(vocabulary, "is not a map from tokens to ids: " + e.getMessage(), e);
        }
        List<String> pairs = merges(merges, ids);
        Path folder = vocabulary.toAbsolutePath().getParent();
        // Under another name the file was moved away from the model that its neighbours describe.
        boolean described = vocabulary.endsWith("vocab.json") || vocabulary.endsWith("encoder.json");
        String tokenizer = described ? tokenizerClass(folder) : GPT2;
        Map<String, Added> added = new LinkedHashMap<>();
        boolean configured = described && Files.exists(folder.resolve("tokenizer_config.json"));
        if (!configured) {
            SPECIAL.stream()
                    .filter(ids::containsKey)
                    .forEach(token -> added.put(token, Added.exactly(ids.get(token), token, true)));
        }
        if (described) {
            Map<String, String> usual = configured ? USUAL.getOrDefault(tokenizer, Map.of()) : Map.of();
            AddedTokens.in(folder, ids, usual).forEach(token -> added.put(token.content(), token));
        }
        added.forEach((content, token) -> ids.put(content, token.id()));
        PreTokenizer words = PreTokenizer.named(tokenizer.equals(QWEN2) ? "qwen2" : "gpt-2", vocabulary);
        return TokenizerJson.byteLevel(ids, pairs, added.values(), words, vocabulary);
    }

    /** The class of transformers that reads the folder, without "Fast" at its end. */
    private static String tokenizerClass(Path folder) {
        String name = text(folder.resolve("tokenizer_config.json"), "tokenizer_class")
                .or(() -> text(folder.resolve("config.json"), "tokenizer_class"))
                .map(given -> given.replaceFirst("Fast$", ""))
                .orElseGet(() -> text(folder.resolve("config.json"), "model_type")
                        .filter(type -> type.startsWith("qwen"))
                        .map(type -> QWEN2)
                        .orElse(GPT2));
        if (!name.equals(QWEN2) && !LIKE_GPT2.contains(name)) {
            System.out.printf(
                    "%s: \"%s\" is not a tokenizer class that is known with vocab.json and merges.txt. Splitting words as GPT-2 does.%n",
                    folder, name);
            return GPT2;
        }
        return name;
    }

    private static Optional<String> text(Path file, String key) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return JsonFiles.object(file).get(key) instanceof JsonPrimitive value
                ? Optional.of(value.getAsString())
                : Optional.empty();
    }

    private static List<String> merges(Path file, Map<String, Integer> ids) {
        if (!Files.exists(file)) {
            throw new BadFileException(file, "the merges that belong to the vocabulary beside it are missing");
        }
        List<String> merges = new ArrayList<>();
        int number = 0;
        for (String line : JsonFiles.text(file).lines().toList()) {
            number++;
            if (line.isEmpty() || number == 1 && line.startsWith("#version")) {
                continue;
            }
            int space = line.indexOf(' ');
            if (space < 1 || !ids.containsKey(line.substring(0, space) + line.substring(space + 1))) {
                throw new BadFileException(
                        file, "line " + number + " is \"" + line + "\"; expected two parts of a known token");
            }
            merges.add(line);
        }
        return merges;
    }
}
