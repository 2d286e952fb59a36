package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.family.ConfigFiles;
import dev.lorikeet.model.io.Lifetime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What loading says of names and files that it cannot use. */
class LoadingTest {

    @TempDir
    private Path folder;

    @Test
    void anUnknownNameListsThoseThereAreAndProposesTheNearest() {
        String message = refused(UnknownNameException.class, () -> Models.load("smollm2-135"));
        assertParts(
                message,
                "Did you mean \"smollm2-135m\"?",
                "gpt2, gpt2-large, gpt2-medium, gpt2-xl, minilm-l6-v2, smollm2-135m");
        assertParts(refused(UnknownNameException.class, () -> Models.random("gpt3", 1)), "Did you mean \"gpt2\"?");
        assertParts(refused(BadArgumentException.class, () -> Models.load(" ")), "expected a name or a path");
    }

    @Test
    void aMissingPathIsNamed() {
        Path missing = folder.resolve("nowhere").resolve("model.gguf");
        assertParts(
                refused(BadFileException.class, () -> Models.load(missing)),
                missing.toString(),
                "does not exist",
                "smollm2-135m");
    }

    @Test
    void aFolderIsAskedForItsFilesOneByOne() throws IOException {
        assertParts(refused(BadFileException.class, () -> Models.load(folder)), folder.toString(), "no config.json");
        copy("config.json");
        assertParts(refused(BadFileException.class, () -> Models.load(folder)), "no model.safetensors");
        copy("model.safetensors");
        assertParts(refused(BadFileException.class, () -> Models.load(folder)), "holds no tokenizer");
        copy("tokenizer.json");
        Models.load(folder).close();
        Files.delete(folder.resolve("model.safetensors"));
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{}");
        assertParts(refused(BadFileException.class, () -> Models.load(folder)), "model.safetensors.index.json: ");
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("weights.bin"), "x");
        assertParts(refused(BadFileException.class, () -> Models.load(file)), "neither a folder", ".gguf");
    }

    @Test
    void anUnknownArchitectureListsThoseThereAre() throws IOException {
        configured(Map.of("\"llama\"", "\"mistrall\""));
        String message = refused(UnknownNameException.class, () -> Models.load(folder));
        assertParts(
                message, "config.json", "\"mistrall\"", "Did you mean \"mistral\"?", "gpt2, granite, llama, mistral");
    }

    @ParameterizedTest
    @CsvSource({
        "mixtral, a mixture of experts",
        "qwen3_moe, a mixture of experts",
        "mamba2, a state-space or recurrent model",
        "granitemoehybrid, a mixture of experts",
        "qwen2_5_vl, a model that sees images or hears sound",
        "gemma3, a model that sees images or hears sound",
        "electra, an encoder"
    })
    void aKindThatIsNotComputedIsRefusedByName(String type, String kind) throws IOException {
        configured(Map.of("\"llama\"", "\"" + type + "\""));
        String message = refused(BadFileException.class, () -> Models.load(folder));
        assertParts(message, "config.json", "\"" + type + "\"", kind, "gpt2, llama, mistral, qwen2, qwen3");
    }

    @Test
    void theRotaryBaseMayStandOutsideAsBefore() throws IOException {
        configured(Map.of(
                "\"rope_parameters\": {",
                "\"rope_theta\": 77.0, \"rope_parameters\": {",
                "\"rope_theta\": 500.0,",
                ""));
        assertEquals(
                77,
                ConfigFiles.read(folder.resolve("config.json"))
                        .rope()
                        .orElseThrow()
                        .theta());
        configured(Map.of("\"rope_parameters\"", "\"unrelated\""));
        assertEquals(
                10_000,
                ConfigFiles.read(folder.resolve("config.json"))
                        .rope()
                        .orElseThrow()
                        .theta());
    }

    @Test
    void weightsThatDoNotFitTheConfigurationAreNamed() throws IOException {
        configured(Map.of("\"vocab_size\": 33", "\"vocab_size\": 34"));
        String message = refused(BadFileException.class, () -> Models.load(folder));
        assertParts(message, "model.embed_tokens.weight", "(33, 8)", "(34, 8)");
        configured(Map.of("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"));
        assertParts(refused(BadFileException.class, () -> Models.load(folder)), "model.layers.2", "has no tensor");
        configured(Map.of("\"hidden_size\": 8,", ""));
        assertParts(refused(BadFileException.class, () -> Models.load(folder)), "has no \"hidden_size\"");
        configured(Map.of("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3"));
        assertParts(
                refused(BadFileException.class, () -> Models.load(folder)),
                "config.json",
                "key-value heads is 3",
                "divisor");
    }

    @Test
    void biasesMustBeThoseOfTheConfiguration() throws IOException {
        configured(Map.of("\"attention_bias\": false", "\"attention_bias\": true"));
        assertParts(
                refused(BadFileException.class, () -> Models.load(folder)),
                "has no tensor \"model.layers.0.self_attn.q_proj.bias\"");
        copy(TinyModels.folder("llama-biased"), "config.json", "model.safetensors", "tokenizer.json");
        configure(Map.of("\"mlp_bias\": true", "\"mlp_bias\": false"));
        assertParts(
                refused(BadFileException.class, () -> Models.load(folder)),
                "model.safetensors",
                "has \"model.layers.0.mlp.gate_proj.bias\"");
    }

    @Test
    void anInterruptStopsLoading() {
        int open = Lifetime.open();
        Thread.currentThread().interrupt();
        assertParts(refused(StoppedException.class, () -> TinyModels.load("tiny-llama")), "stopped");
        assertEquals(open, Lifetime.open());
    }

    /** The tiny Llama's folder with some texts of its configuration changed. */
    private void configured(Map<String, String> changes) throws IOException {
        copy("config.json", "model.safetensors", "tokenizer.json");
        configure(changes);
    }

    private void configure(Map<String, String> changes) throws IOException {
        Path file = folder.resolve("config.json");
        String text = Files.readString(file);
        for (var change : changes.entrySet()) {
            assertTrue(text.contains(change.getKey()), change.getKey());
            text = text.replace(change.getKey(), change.getValue());
        }
        Files.writeString(file, text);
    }

    private void copy(String... names) throws IOException {
        copy(TinyModels.folder("tiny-llama"), names);
    }

    private void copy(Path from, String... names) throws IOException {
        for (String name : names) {
            Files.write(folder.resolve(name), Files.readAllBytes(from.resolve(name)));
        }
    }

    private static String refused(Class<? extends LorikeetException> kind, Executable call) {
        return assertInstanceOf(kind, assertThrows(LorikeetException.class, call))
                .getMessage();
    }

    private static void assertParts(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), "no \"" + part + "\" in: " + message);
        }
    }
}
