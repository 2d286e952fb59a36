package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.generate.GenerationResult;
import dev.lorikeet.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generation stops at each end token that a model's files list. */
class SeveralEosTest {

    @TempDir
    Path folder;

    @Test
    void anyOfThemStops() throws IOException {
        try (Stream<Path> files = Files.list(TinyModels.folder("tiny-llama"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        int[] ids;
        try (PretrainedModel model = Models.load(folder.toString(), DType.FLOAT32)) {
            ids = model.generate("the", GenerationConfig.greedy(8)).ids();
            assertEquals(8, ids.length);
        }
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [0, %d]}".formatted(ids[0]));
        try (PretrainedModel model = Models.load(folder.toString(), DType.FLOAT32)) {
            GenerationResult result = model.generate("the", GenerationConfig.greedy(8));
            assertTrue(result.ids().length < 2, "stops at " + ids[0]);
            assertEquals(GenerationResult.Stop.STOP_TOKEN, result.stop());
        }
    }
}
