package dev.lorikeet.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model's tensors in several files, written and read. */
class ShardedSafetensorsTest {

    private static final String INDEX = "model.safetensors.index.json";
    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";

    @TempDir
    private Path folder;

    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** Tensors a, b, … of these lengths, filled with 1, 2, … */
    private List<NewTensor> tensors(String type, int... lengths) {
        return IntStream.range(0, lengths.length)
                .mapToObj(i -> new NewTensor(
                        String.valueOf((char) ('a' + i)),
                        new Shape(lengths[i]),
                        type,
                        () -> manager.full(new Shape(lengths[i]), i + 1f)))
                .toList();
    }

    /** What {@code huggingface_hub.split_torch_state_dict_into_shards} makes of them, version 2.4.0. */
    @ParameterizedTest
    @CsvSource({"12, ab c", "11, a bc", "10, a bc", "18, abc", "17, ab c", "7, a b c", "5, a c b", "3, a b c"})
    void filesAreFilledUpToTheLimitInTheOrderOfTheTensors(long limit, String expected) {
        List<String> parts = Shards.of(tensors("F16", 4, 2, 3), limit).parts().stream()
                .map(part -> String.join("", part.stream().map(NewTensor::name).toList()))
                .toList();
        assertEquals(expected, String.join(" ", parts));
    }

    @Test
    void whatFitsIntoOneFileIsOneFile() {
        List<Path> files = Safetensors.writeModel(folder, tensors("F32", 3, 2), Map.of("format", "pt"), 20);
        assertEquals(List.of(folder.resolve("model.safetensors")), files);
        try (TensorFile file = TensorFile.open(files.get(0))) {
            assertEquals(Map.of("format", "pt"), file.metadata());
            assertArrayEquals(new float[] {2, 2}, file.read("b", manager).toFloatArray());
        }
    }

    @Test
    void severalFilesAreReadAsOne() throws IOException {
        List<Path> files = Safetensors.writeModel(folder, tensors("BF16", 3, 2, 1), Map.of("format", "pt"), 10);
        assertEquals(
                List.of(FIRST, SECOND, INDEX),
                files.stream().map(file -> file.getFileName().toString()).toList());
        JsonObject index =
                JsonParser.parseString(Files.readString(files.get(2))).getAsJsonObject();
        assertEquals(12, index.getAsJsonObject("metadata").get("total_size").getAsLong());
        assertEquals(
                JsonParser.parseString("{'a': '%1$s', 'b': '%1$s', 'c': '%2$s'}".formatted(FIRST, SECOND)),
                index.get("weight_map"));
        try (TensorFile file = TensorFile.open(files.get(2))) {
            assertEquals(Set.of("a", "b", "c"), file.names());
            assertEquals("pt", file.metadata().get("format"));
            assertEquals("BF16", file.entry("c").type());
            assertArrayEquals(new float[] {1, 1, 1}, file.read("a", manager).toFloatArray());
            assertArrayEquals(new float[] {3}, file.read("c", manager).toFloatArray());
            String message = assertThrows(UnknownNameException.class, () -> file.read("bb", manager))
                    .getMessage();
            assertTrue(message.contains(INDEX) && message.contains("Did you mean \"b\""), message);
        }
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        two();
        Files.delete(folder.resolve(SECOND));
        refused(SECOND, "is missing; " + INDEX);
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        two();
        byte[] bytes = Files.readAllBytes(folder.resolve(SECOND));
        Files.write(folder.resolve(SECOND), Arrays.copyOf(bytes, bytes.length - 1));
        refused(SECOND, "cut short");
    }

    @Test
    void aTensorThatItsFileLacksIsNamed() throws IOException {
        two();
        index("{'a': '%s', 'b': '%s', 'c': '%s'}".formatted(FIRST, SECOND, FIRST));
        refused(FIRST, "has no tensor \"c\"");
    }

    @Test
    void aTensorInTwoFilesIsNamed() throws IOException {
        two();
        Files.copy(folder.resolve(FIRST), folder.resolve("other.safetensors"));
        index("{'a': '%s', 'b': '%s', 'c': 'other.safetensors'}".formatted(FIRST, SECOND));
        refused("other.safetensors", "tensor \"a\"", FIRST);
        index("{'a': '%s', 'a': '%s'}".formatted(FIRST, SECOND));
        refused(INDEX, "puts tensor \"a\" into two files", FIRST, SECOND);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"weight_map\": | is not a readable index",
                "{\"weight_map\": [1]} | is not a readable index",
                "{\"weight_map\": {\"a\": {}}} | is not a readable index",
                "{\"weight_map\": {}} | no weight_map with tensors",
                "{\"metadata\": {}} | no weight_map with tensors",
                "{\"weight_map\": {\"a\": \"../a.safetensors\"}} | expected a file beside it",
                "{\"weight_map\": {\"a\": \"..\"}} | expected a file beside it",
            })
    void anIndexThatIsNoneIsNamed(String text, String reason) throws IOException {
        Files.writeString(folder.resolve(INDEX), text);
        refused(INDEX, reason);
    }

    private void two() {
        Safetensors.writeModel(folder, tensors("F32", 2, 2), Map.of(), 8);
    }

    private void index(String map) throws IOException {
        Files.writeString(
                folder.resolve(INDEX), "{'weight_map': %s}".formatted(map).replace('\'', '"'));
    }

    private void refused(String file, String... parts) {
        var error = assertThrows(BadFileException.class, () -> TensorFile.open(folder.resolve(INDEX)));
        assertTrue(error.getMessage().startsWith(folder.resolve(file) + ": "), error.getMessage());
        for (String part : parts) {
            assertTrue(error.getMessage().contains(part), error.getMessage());
        }
    }
}
