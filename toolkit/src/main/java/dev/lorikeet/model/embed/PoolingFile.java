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

/** Reads how a model of sentence-transformers pools: {@code 1_Pooling/config.json}. */
final class PoolingFile {

    private static final Map<String, TextPooling> KEYS = Map.of(
            "pooling_mode_mean_tokens", TextPooling.MEAN,
            "pooling_mode_cls_token", TextPooling.CLS,
            "pooling_mode_lasttoken", TextPooling.LAST_TOKEN);

    private PoolingFile() {}

    /**
     * Reads the file in a model's folder; empty if there is none.
     *
     * @throws BadFileException if it is damaged, or asks for another pooling or for several
     */
    static Optional<TextPooling> read(Path folder) {
        Path file = folder.resolve("1_Pooling").resolve("config.json");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            JsonObject json = Json.object(Json.parse(reader), "its content");
            List<String> chosen = json.keySet().stream()
                    .filter(key -> key.startsWith("pooling_mode_") && Json.flag(json.get(key), key))
                    .toList();
            if (chosen.size() != 1 || !KEYS.containsKey(chosen.get(0))) {
                throw new BadFileException(
                        file,
                        "pools by %s; one of %s is supported. Choose one with model.embedder().pooling(…)"
                                .formatted(chosen, KEYS.keySet()));
            }
            return Optional.of(KEYS.get(chosen.get(0)));
        } catch (IOException | JsonParseException e) {
            throw new BadFileException(file, "is not a readable pooling configuration: " + e.getMessage(), e);
        }
    }
}
