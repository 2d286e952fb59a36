package dev.lorikeet.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.config.Biases;
import dev.lorikeet.model.config.DivisorScaling;
import dev.lorikeet.model.config.LinearScaling;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Rope;
import dev.lorikeet.weights.TensorFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is read of GGUF metadata, and what is refused by name. */
class GgufConfigTest {

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
        public void readStored(String name, long from, ByteBuffer target) {
            throw new UnsupportedOperationException();
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

    private static ModelConfig read(Map<String, Object> more) {
        return ConfigFiles.read(new Metadata(metadata(more), TENSORS));
    }

    @Test
    void aFactorAloneIsLinearAndAnOlderKeyMayHoldIt() {
        assertEquals(Rope.of(10_000, 4), read(Map.of()).rope().orElseThrow());
        assertEquals(
                Rope.of(500, 4), read(Map.of("rope.freq_base", 500f)).rope().orElseThrow());
        Rope linear = new Rope(10_000, 4, new LinearScaling(2));
        assertEquals(linear, read(Map.of("rope.scaling.factor", 2f)).rope().orElseThrow());
        assertEquals(linear, read(Map.of("rope.scale_linear", 2f)).rope().orElseThrow());
        assertEquals(
                linear,
                read(Map.of("rope.scaling.type", "linear", "rope.scaling.factor", 2f))
                        .rope()
                        .orElseThrow());
        assertEquals(
                Rope.of(10_000, 4),
                read(Map.of("rope.scaling.type", "none", "rope.scaling.factor", 2f))
                        .rope()
                        .orElseThrow());
    }

    @Test
    void divisorsStandInATensor() {
        ModelConfig config = ConfigFiles.read(new Metadata(metadata(Map.of()), SCALED, 1, 8));
        assertEquals(
                new DivisorScaling(List.of(1f, 8f), 1),
                config.rope().orElseThrow().scaling());
        refused("has 3 elements", new Metadata(metadata(Map.of()), SCALED, 1, 2, 3));
        refused("twice", new Metadata(metadata(Map.of("rope.scaling.factor", 2f)), SCALED, 1, 8));
    }

    @Test
    void biasesAreThoseThatHaveATensor() {
        Set<String> tensors = Set.of("token_embd.weight", "blk.0.attn_q.bias", "blk.0.ffn_gate.bias");
        assertEquals(
                new Biases(true, false, true),
                ConfigFiles.read(new Metadata(metadata(Map.of()), tensors)).biases());
        assertEquals(Biases.NONE, read(Map.of()).biases());
    }

    @Test
    void theWindowAndTheHeadsWidthAreRead() {
        assertFalse(read(Map.of()).isWindowed());
        ModelConfig windowed = read(Map.of("attention.sliding_window", 5));
        assertEquals(5, windowed.attention().get(1).window());
        assertEquals("mistral", windowed.family());
        assertFalse(read(Map.of("attention.sliding_window", 0)).isWindowed());
        assertEquals(
                6,
                read(Map.of("attention.key_length", 6, "attention.value_length", 6, "rope.dimension_count", 6))
                        .headDim());
    }

    @Test
    void whatIsNotSupportedIsRefusedByName() {
        refused("\"strange\"", Map.of("rope.scaling.type", "strange"));
        refused("\"rope.dimension_count\" is 2; only 4", Map.of("rope.dimension_count", 2));
        refused("\"attention.value_length\" is 2", Map.of("attention.value_length", 2));
        refused("\"expert_count\" is 8; only 0", Map.of("expert_count", 8));
        refused("a mixture of experts", Map.of("general.architecture", "qwen3moe"));
        refused("a state-space", Map.of("general.architecture", "mamba"));
        refused("Did you mean \"qwen2\"?", Map.of("general.architecture", "qwen"));
        refused("gemma2, gemma3, gpt2, ", Map.of("general.architecture", "unheard"));
        refused("an encoder, of which folders", Map.of("general.architecture", "bert"));
    }

    private static void refused(String message, Map<String, Object> more) {
        refused(message, new Metadata(metadata(more), TENSORS));
    }

    private static void refused(String message, Metadata file) {
        String found = assertThrows(LorikeetException.class, () -> ConfigFiles.read(file))
                .getMessage();
        assertTrue(found.contains(message), found);
        assertTrue(found.contains("model.gguf"), found);
    }
}
