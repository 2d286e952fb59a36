package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is read of GGUF metadata, and what is refused by name. */
class GgufConfigsTest {

    private static final Set<String> TENSORS = Set.of("token_embd.weight");
    private static final Set<String> SCALED = Set.of("token_embd.weight", "rope_freqs.weight");

    /** A file of metadata; the divisors of the frequencies are its only numbers. */
    private record Metadata(Map<String, Object> metadata, Set<String> names, float... divisors) implements TensorFile {

        @Override
        public Path path() {
            return Path.of("model.gguf");
        }

        @Override
        public TensorInfo entry(String name) {
            return new TensorInfo(name, new Shape(10, 8), "F32", 0, 0);
        }

        @Override
        public NDArray read(String name, NDManager manager) {
            return manager.create(divisors);
        }

        @Override
        public void close() {}
    }

    private static Map<String, Object> metadata(Map<String, Object> more) {
        Map<String, Object> metadata = new HashMap<>(Map.of(
                "general.architecture", "llama",
                "llama.embedding_length", 8,
                "llama.block_count", 2,
                "llama.attention.head_count", 2,
                "llama.feed_forward_length", 12,
                "llama.context_length", 100));
        more.forEach((key, value) -> metadata.put(key.contains(".architecture") ? key : "llama." + key, value));
        return metadata;
    }

    private static Config read(Map<String, Object> more) {
        return GgufConfigs.read(new Metadata(metadata(more), TENSORS));
    }

    @Test
    void aFactorAloneIsLinearAndAnOlderKeyMayHoldIt() {
        assertEquals(Rope.of(10_000), read(Map.of()).rope());
        assertEquals(Rope.of(500), read(Map.of("rope.freq_base", 500f)).rope());
        Rope linear = new Rope(10_000, new Rope.Linear(2));
        assertEquals(linear, read(Map.of("rope.scaling.factor", 2f)).rope());
        assertEquals(linear, read(Map.of("rope.scale_linear", 2f)).rope());
        assertEquals(
                linear,
                read(Map.of("rope.scaling.type", "linear", "rope.scaling.factor", 2f))
                        .rope());
        assertEquals(
                Rope.of(10_000),
                read(Map.of("rope.scaling.type", "none", "rope.scaling.factor", 2f))
                        .rope());
    }

    @Test
    void divisorsStandInATensor() {
        Config config = GgufConfigs.read(new Metadata(metadata(Map.of()), SCALED, 1, 8));
        assertEquals(new Rope.Divided(List.of(1f, 8f)), config.rope().scaling());
        refused("has 3 numbers", new Metadata(metadata(Map.of()), SCALED, 1, 2, 3));
        refused("twice", new Metadata(metadata(Map.of("rope.scaling.factor", 2f)), SCALED, 1, 8));
    }

    @Test
    void biasesAreThoseThatHaveATensor() {
        Set<String> tensors = Set.of("token_embd.weight", "blk.0.attn_q.bias", "blk.0.ffn_gate.bias");
        assertEquals(
                new Biases(true, false, true),
                GgufConfigs.read(new Metadata(metadata(Map.of()), tensors)).biases());
        assertEquals(Biases.NONE, read(Map.of()).biases());
    }

    @Test
    void theWindowAndTheHeadsWidthAreRead() {
        assertEquals(100, read(Map.of()).window());
        assertEquals(5, read(Map.of("attention.sliding_window", 5)).window());
        assertEquals(100, read(Map.of("attention.sliding_window", 0)).window());
        assertEquals(
                6,
                read(Map.of("attention.key_length", 6, "attention.value_length", 6, "rope.dimension_count", 6))
                        .headWidth());
    }

    @Test
    void whatIsNotSupportedIsRefusedByName() {
        refused("\"yarn\"", Map.of("rope.scaling.type", "yarn"));
        refused("\"rope.dimension_count\" is 2; only 4", Map.of("rope.dimension_count", 2));
        refused("\"attention.value_length\" is 2", Map.of("attention.value_length", 2));
        refused("\"expert_count\" is 8; only 0", Map.of("expert_count", 8));
        refused("Did you mean \"qwen2\"?", Map.of("general.architecture", "qwen3"));
        refused("gpt2, llama, qwen2", Map.of("general.architecture", "bert"));
    }

    private static void refused(String message, Map<String, Object> more) {
        refused(message, new Metadata(metadata(more), TENSORS));
    }

    private static void refused(String message, Metadata file) {
        String found = assertThrows(LorikeetException.class, () -> GgufConfigs.read(file))
                .getMessage();
        assertTrue(found.contains(message), found);
        assertTrue(found.contains("model.gguf"), found);
    }
}
