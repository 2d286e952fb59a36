package dev.lorikeet.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.config.Biases;
import dev.lorikeet.model.config.DynamicScaling;
import dev.lorikeet.model.config.LinearScaling;
import dev.lorikeet.model.config.Llama3Scaling;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Rope;
import dev.lorikeet.model.config.RopeScaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of a config.json, and what is refused by name. */
class ConfigFilesTest {

    private static final String SCALED = "\"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
            + " \"original_max_position_embeddings\": 64";

    @TempDir
    private Path folder;

    /** A small model of this type with more fields. */
    private ModelConfig read(String type, String... more) throws IOException {
        String fields = more.length == 0 ? "" : ", " + String.join(", ", more);
        Path file = Files.writeString(
                folder.resolve("config.json"),
                """
                {"model_type": "%s", "vocab_size": 10, "hidden_size": 8, "num_hidden_layers": 2,
                 "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 12,
                 "max_position_embeddings": 100%s}"""
                        .formatted(type, fields));
        return ConfigFiles.read(file);
    }

    @Test
    void rotaryScalingIsTheSameInBothPlaces() throws IOException {
        ModelConfig now =
                read("llama", "\"rope_parameters\": {\"rope_type\": \"llama3\", \"rope_theta\": 5e5, " + SCALED + "}");
        ModelConfig before =
                read("llama", "\"rope_theta\": 5e5", "\"rope_scaling\": {\"type\": \"llama3\", " + SCALED + "}");
        assertEquals(Optional.of(new Rope(5e5, 4, new Llama3Scaling(8, 1, 4, 64))), now.rope());
        assertEquals(now, before);
        ModelConfig linear = read("mistral", "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}");
        assertEquals(Optional.of(new Rope(10_000, 4, new LinearScaling(2))), linear.rope());
        assertEquals(
                Optional.of(Rope.of(10_000, 4)),
                read("llama", "\"rope_scaling\": null").rope());
    }

    @Test
    void theContextFirstTrainedInIsTheWholeOneUnlessItIsSaid() throws IOException {
        String parameters = "\"rope_parameters\": {\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1,"
                + " \"high_freq_factor\": 4}";
        assertEquals(new Llama3Scaling(8, 1, 4, 100), scaling(read("llama", parameters)));
        assertEquals(
                new Llama3Scaling(8, 1, 4, 50),
                scaling(read("llama", parameters, "\"original_max_position_embeddings\": 50")));
        String missing = parameters.replace("\"low_freq_factor\": 1,", "");
        refused("has no \"low_freq_factor\"", "llama", missing);
    }

    @ParameterizedTest
    @CsvSource({"sliding_window: 7, 7", "sliding_window: null, 0", "unrelated: 1, 0", "sliding_window: 4096, 0"})
    void mistralLooksBackThroughItsWindow(String field, int window) throws IOException {
        assertEquals(List.of(window, window), windows(read("mistral", quoted(field))));
    }

    /** The windows of the layers, 0 where they see all. */
    private static List<Integer> windows(ModelConfig config) {
        return config.attention().stream()
                .map(look -> look.isWindowed() ? look.window() : 0)
                .toList();
    }

    private static RopeScaling scaling(ModelConfig config) {
        return config.rope().orElseThrow().scaling();
    }

    @Test
    void aQwen2LooksThroughAWindowFromALayerOn() throws IOException {
        String window = "\"sliding_window\": 7";
        assertEquals(List.of(0, 0), windows(read("qwen2", window, "\"use_sliding_window\": false")));
        String slides = "\"use_sliding_window\": true";
        assertEquals(List.of(0, 0), windows(read("qwen2", window, slides, "\"max_window_layers\": 2")));
        assertEquals(List.of(0, 7), windows(read("qwen2", window, slides, "\"max_window_layers\": 1")));
        String types = "\"layer_types\": [\"sliding_attention\", \"full_attention\"]";
        assertEquals(List.of(7, 0), windows(read("qwen2", window, slides, types)));
        refused("\"layer_types\" is", "qwen2", types);
        refused("\"layer_types\" is", "qwen2", window, slides, "\"layer_types\": [\"full_attention\"]");
    }

    @Test
    void dynamicScalingReadsLongerTextsThanTheFileSays() throws IOException {
        ModelConfig llama = read("llama", "\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 3}");
        assertEquals(300, llama.contextLength());
        assertEquals(new DynamicScaling(3, 100), scaling(llama));
        assertEquals(100, ConfigFiles.json(llama).get("max_position_embeddings").getAsInt());
        ModelConfig gemma = read(
                "gemma3_text",
                "\"rope_parameters\": {\"full_attention\": {\"rope_type\": \"dynamic\", \"factor\": 2},"
                        + " \"sliding_attention\": {\"rope_type\": \"dynamic\", \"factor\": 2}}");
        assertEquals(200, gemma.contextLength());
        assertEquals(new DynamicScaling(2, 100), scaling(gemma));
        assertEquals(100, ConfigFiles.json(gemma).get("max_position_embeddings").getAsInt());
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
        assertEquals(4, read("llama", "\"head_dim\": null").headDim());
        assertEquals(6, read("llama", "\"head_dim\": 6").headDim());
        assertThrows(BadFileException.class, () -> read("llama", "\"head_dim\": 5"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"hidden_act\": \"glu\" | \"hidden_act\" is \"glu\"; only one of silu",
                "\"partial_rotary_factor\": 0.5 | \"partial_rotary_factor\" is 0.5; only 1",
                "\"rope_parameters\": {\"partial_rotary_factor\": 0.5} | \"partial_rotary_factor\" is 0.5",
                "\"rope_scaling\": {\"rope_type\": \"mrope\"} | \"rope_type\" is \"mrope\"; only one of default, linear",
                "\"rope_scaling\": {\"type\": \"dynamic\"} | has no \"factor\"",
                "\"rope_scaling\": {\"type\": \"linear\"} | has no \"factor\"",
                "\"rope_parameters\": {\"a\": {}, \"b\": {\"rope_theta\": 1}} | different rotary settings for kinds of layers, [a, b]",
                "\"quantization_config\": {\"bits\": 4} | \"quantization_config\" is",
                "\"hidden_size\": \"wide\" | \"hidden_size\" is \"wide\"; expected a whole number",
                "\"hidden_size\": {} | \"hidden_size\" is {}; expected a whole number",
                "\"hidden_size\": 8.5 | \"hidden_size\" is 8.5; expected a whole number",
                "\"hidden_size\": 4294967304 | \"hidden_size\" is 4294967304; expected a whole number",
                "\"hidden_size\": -8 | hidden size is -8; expected at least 1",
                "\"hidden_size\": 0 | hidden size is 0; expected at least 1",
                "\"vocab_size\": -33 | vocabulary size is -33; expected at least 1",
                "\"intermediate_size\": -20 | intermediate size is -20; expected at least 1",
                "\"max_position_embeddings\": 0 | \"max_position_embeddings\" is 0; expected at least 1",
                "\"num_attention_heads\": 0 | number of heads is 0; expected at least 1",
                "\"num_hidden_layers\": 1073741824 | number of layers is 1073741824; expected 1 to 10000",
                "\"hidden_act\": {} | \"hidden_act\" is {}; expected a string",
                "\"attention_bias\": \"yes\" | \"attention_bias\" is \"yes\"; expected true or false",
                "\"rms_norm_eps\": 1e400 | \"rms_norm_eps\" is 1e400; expected a finite number",
                "\"rms_norm_eps\": 1e300 | \"rms_norm_eps\" is 1.0E300; expected a number of float32",
                "\"rms_norm_eps\": -1 | norm epsilon is -1.0; expected 0 or a small number",
                "\"rope_theta\": 0 | rotary base is 0.0; expected a number above 0",
                "\"rope_scaling\": [] | \"rope_scaling\" is []; expected an object",
                "\"model_type\": 5 | \"model_type\" is 5; expected a string",
            })
    void whatIsNotSupportedIsRefusedByName(String field, String message) {
        refused(message, "llama", field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5 | \"layer_types\" is 5; expected a list",
                "[null] | an element of \"layer_types\" is null; expected a string"
            })
    void kindsOfLayersAreAList(String types, String message) {
        refused(message, "qwen2", "\"layer_types\": " + types);
    }

    @ParameterizedTest
    @CsvSource({"mistral", "qwen2"})
    void keyValueHeadsAreNotGuessed(String type) throws IOException {
        read(type);
        Path file = folder.resolve("config.json");
        Files.writeString(file, Files.readString(file).replace("\"num_key_value_heads\": 1,", ""));
        assertThrows(BadFileException.class, () -> ConfigFiles.read(file));
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
