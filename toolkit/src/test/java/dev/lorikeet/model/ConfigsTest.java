package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of a config.json, and what is refused by name. */
class ConfigsTest {

    private static final String SCALED = "\"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
            + " \"original_max_position_embeddings\": 64";

    @TempDir
    private Path folder;

    /** A small model of this type with more fields. */
    private Config read(String type, String... more) throws IOException {
        String fields = more.length == 0 ? "" : ", " + String.join(", ", more);
        Path file = Files.writeString(
                folder.resolve("config.json"),
                """
                {"model_type": "%s", "vocab_size": 10, "hidden_size": 8, "num_hidden_layers": 2,
                 "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 12,
                 "max_position_embeddings": 100%s}"""
                        .formatted(type, fields));
        return Configs.fromJson(file);
    }

    @Test
    void rotaryScalingIsTheSameInBothPlaces() throws IOException {
        Config now =
                read("llama", "\"rope_parameters\": {\"rope_type\": \"llama3\", \"rope_theta\": 5e5, " + SCALED + "}");
        Config before =
                read("llama", "\"rope_theta\": 5e5", "\"rope_scaling\": {\"type\": \"llama3\", " + SCALED + "}");
        assertEquals(new Rope(5e5, new Rope.Llama3(8, 1, 4, 64)), now.rope());
        assertEquals(now, before);
        Config linear = read("mistral", "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}");
        assertEquals(new Rope(10_000, new Rope.Linear(2)), linear.rope());
        assertEquals(Rope.of(10_000), read("llama", "\"rope_scaling\": null").rope());
    }

    @Test
    void theContextFirstTrainedInIsTheWholeOneUnlessItIsSaid() throws IOException {
        String parameters = "\"rope_parameters\": {\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1,"
                + " \"high_freq_factor\": 4}";
        assertEquals(
                new Rope.Llama3(8, 1, 4, 100), read("llama", parameters).rope().scaling());
        assertEquals(
                new Rope.Llama3(8, 1, 4, 50),
                read("llama", parameters, "\"original_max_position_embeddings\": 50")
                        .rope()
                        .scaling());
        String missing = parameters.replace("\"low_freq_factor\": 1,", "");
        refused("has no \"low_freq_factor\"", "llama", missing);
    }

    @ParameterizedTest
    @CsvSource({"sliding_window: 7, 7", "sliding_window: null, 100", "unrelated: 1, 100", "sliding_window: 4096, 100"})
    void mistralLooksBackThroughItsWindow(String field, int window) throws IOException {
        assertEquals(window, read("mistral", quoted(field)).window());
    }

    @Test
    void aQwen2LooksAtAllOrIsRefused() throws IOException {
        String window = "\"sliding_window\": 7";
        assertEquals(100, read("qwen2", window, "\"use_sliding_window\": false").window());
        String slides = "\"use_sliding_window\": true";
        assertEquals(
                100, read("qwen2", window, slides, "\"max_window_layers\": 2").window());
        refused("\"use_sliding_window\" is true", "qwen2", window, slides, "\"max_window_layers\": 1");
        refused("\"layer_types\" is", "qwen2", "\"layer_types\": [\"full_attention\", \"sliding_attention\"]");
    }

    @Test
    void biasesAreTheArchitecturesOrTheFields() throws IOException {
        assertEquals(Biases.NONE, read("llama").biases());
        assertEquals(
                new Biases(true, true, false),
                read("llama", "\"attention_bias\": true").biases());
        assertEquals(
                new Biases(false, false, true),
                read("llama", "\"mlp_bias\": true").biases());
        assertEquals(new Biases(true, false, false), read("qwen2").biases());
        assertEquals(Biases.NONE, read("mistral").biases());
    }

    @Test
    void aHeadMayHaveAWidthOfItsOwn() throws IOException {
        assertEquals(4, read("llama", "\"head_dim\": null").headWidth());
        assertEquals(6, read("llama", "\"head_dim\": 6").headWidth());
        assertThrows(BadArgumentException.class, () -> read("llama", "\"head_dim\": 5"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"hidden_act\": \"gelu\" | \"hidden_act\" is \"gelu\"; only \"silu\"",
                "\"partial_rotary_factor\": 0.5 | \"partial_rotary_factor\" is 0.5; only 1",
                "\"rope_parameters\": {\"partial_rotary_factor\": 0.5} | \"partial_rotary_factor\" is 0.5",
                "\"rope_scaling\": {\"rope_type\": \"yarn\"} | \"rope_type\" is \"yarn\"; only \"default\", \"linear\"",
                "\"rope_scaling\": {\"type\": \"dynamic\"} | \"type\" is \"dynamic\"",
                "\"rope_scaling\": {\"type\": \"linear\"} | has no \"factor\"",
                "\"rope_parameters\": {\"full_attention\": {}} | one kind of layer, \"full_attention\"",
                "\"quantization_config\": {\"bits\": 4} | \"quantization_config\" is",
                "\"hidden_size\": \"wide\" | not a readable config.json",
            })
    void whatIsNotSupportedIsRefusedByName(String field, String message) {
        refused(message, "llama", field);
    }

    @ParameterizedTest
    @CsvSource({"mistral", "qwen2"})
    void keyValueHeadsAreNotGuessed(String type) throws IOException {
        read(type);
        Path file = folder.resolve("config.json");
        Files.writeString(file, Files.readString(file).replace("\"num_key_value_heads\": 1,", ""));
        assertThrows(BadFileException.class, () -> Configs.fromJson(file));
    }

    private static String quoted(String field) {
        return "\"" + field.replace(":", "\":");
    }

    private void refused(String message, String type, String... fields) {
        String found =
                assertThrows(LorikeetException.class, () -> read(type, fields)).getMessage();
        assertTrue(found.contains(message), found);
        assertTrue(found.contains("config.json"), found);
    }
}
