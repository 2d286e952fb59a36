package dev.lorikeet.model.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.References;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A family that a researcher describes in a cell, without building the jar. */
class FamilyInACellTest {

    private static final List<String> CELL = List.of(
            "import dev.lorikeet.model.config.*;",
            "import dev.lorikeet.model.family.Families;",
            "import dev.lorikeet.model.spec.*;",
            """
            var mine = Family.named("our_model", "OurForCausalLM")
                    .gguf("ours")
                    .settings(LlamaDefaults.shapeAnd(
                            config -> 128,
                            Settings.activation("hidden_act", Activation.SILU),
                            Settings.biases("attention_bias", null),
                            RopeSettings.of(10_000),
                            Settings.tied(false)))
                    .part(Part.QUERY_NORM, "self_attn.q_norm", "attn_q_norm")
                    .part(Part.KEY_NORM, "self_attn.k_norm", "attn_k_norm")
                    .build();""",
            "Families.register(mine);");

    @TempDir
    private Path folder;

    @Test
    void isLoadedLikeOneOfTheToolkit() throws IOException {
        Path qwen = TinyModels.folder("tiny-qwen3");
        for (String name : List.of("model.safetensors", "tokenizer.json")) {
            Files.copy(qwen.resolve(name), folder.resolve(name));
        }
        String config = Files.readString(qwen.resolve("config.json"));
        Files.writeString(folder.resolve("config.json"), config.replace("\"qwen3\"", "\"our_model\""));
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            CELL.forEach(line -> run(shell, line));
        }
        int[] ids = {3, 1, 4, 1, 5, 9, 2, 6};
        try (PretrainedModel expected = TinyModels.load("tiny-qwen3");
                PretrainedModel found = Models.load(folder.toString(), DType.FLOAT32)) {
            assertEquals("our_model", found.config().family());
            assertArrayEquals(References.lastLogits(expected, ids), References.lastLogits(found, ids));
        }
    }

    private static void run(JShell shell, String line) {
        for (SnippetEvent event : shell.eval(line)) {
            assertEquals(Snippet.Status.VALID, event.status(), () -> line + "\n" + event.exception());
            assertEquals(null, event.exception(), line);
        }
    }
}
