package dev.lorikeet.text;

import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.TokenizerJson.Added;
import dev.lorikeet.text.TokenizerJson.Split;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** GPT-2's pair of files: a vocabulary in JSON and a list of merges, under OpenAI's names or Hugging Face's. */
final class BpeFiles {

    private static final Map<String, String> MERGES_OF =
            Map.of("vocab.json", "merges.txt", "encoder.json", "vocab.bpe");

    /** Tokens that byte-level merges never make, so that they stand in such a vocabulary for their own sake. */
    private static final List<String> SPECIAL =
            List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<s>", "</s>", "<pad>", "<unk>", "<mask>");

    private BpeFiles() {}

    /** The merges that belong to a vocabulary file, if its name is one of the known ones, perhaps after a prefix. */
    static Optional<Path> mergesOf(Path vocabulary) {
        String name = vocabulary.getFileName().toString();
        return MERGES_OF.entrySet().stream()
                .filter(pair -> name.endsWith(pair.getKey()))
                .map(pair -> vocabulary.resolveSibling(
                        name.substring(0, name.length() - pair.getKey().length()) + pair.getValue()))
                .findFirst();
    }

    static TokenizerJson read(Path vocabulary, Path merges) {
        Map<String, Integer> ids = new TreeMap<>();
        JsonObject json = JsonFiles.object(vocabulary);
        try {
            json.entrySet()
                    .forEach(entry -> ids.put(entry.getKey(), entry.getValue().getAsInt()));
        } catch (IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
            throw new BadFileException(vocabulary, "is not a map from tokens to ids: " + e.getMessage(), e);
        }
        List<Added> added = SPECIAL.stream()
                .filter(ids::containsKey)
                .map(token -> new Added(ids.get(token), token, true))
                .toList();
        return TokenizerJson.byteLevel(ids, merges(merges, ids), added, Split.GPT2, vocabulary);
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
