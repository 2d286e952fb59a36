package dev.lorikeet.model.embed;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads what sentence-transformers keeps beside a model: how it pools, and how long a text may be. */
final class SentenceFiles {

    private static final Map<String, TextPooling> KEYS = Map.of(
            "pooling_mode_mean_tokens", TextPooling.MEAN,
            "pooling_mode_cls_token", TextPooling.CLS,
            "pooling_mode_lasttoken", TextPooling.LAST_TOKEN);

    private SentenceFiles() {}

    /**
     * Reads {@code 1_Pooling/config.json} in a model's folder; empty if there is none.
     *
     * @throws BadFileException if it is damaged, or asks for another pooling or for several
     */
    static Optional<TextPooling> pooling(Path folder) {
        Path file = folder.resolve("1_Pooling").resolve("config.json");
        return read(file, json -> {
            List<String> chosen = json.keySet().stream()
                    .filter(key -> key.startsWith("pooling_mode_") && Json.flag(json.get(key), key))
                    .toList();
            if (chosen.size() != 1 || !KEYS.containsKey(chosen.get(0))) {
                throw new BadFileException(
                        file, "pools by %s; one of %s is supported".formatted(chosen, KEYS.keySet()));
            }
            return KEYS.get(chosen.get(0));
        });
    }

    /**
     * Reads the most tokens of a text in {@code sentence_bert_config.json}; empty if there is none.
     *
     * @throws BadFileException if it is damaged
     */
    static Optional<Integer> longest(Path folder) {
        Path file = folder.resolve("sentence_bert_config.json");
        return read(file, json -> {
            String key = "max_seq_length";
            if (!json.has(key) || json.get(key).isJsonNull()) {
                return Integer.MAX_VALUE;
            }
            int longest = Json.integer(json.get(key), key);
            if (longest < 1) {
                throw new BadFileException(file, "has the %s %d; expected at least 1".formatted(key, longest));
            }
            return longest;
        });
    }

    private static <T> Optional<T> read(Path file, Function<JsonObject, T> content) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            return Optional.of(content.apply(Json.object(Json.parse(reader), "its content")));
        } catch (IOException | JsonParseException e) {
            throw new BadFileException(file, "cannot be read: " + e.getMessage(), e);
        }
    }
}
