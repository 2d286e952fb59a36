package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.io.GgufType;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters alone as GGUF files, by what llama.cpp does with them: weight + alpha / rank · BA. */
class GgufAdapterTest {

    @TempDir
    private Path folder;

    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** The base and the adapter as files together are the merged model as a file. */
    @ParameterizedTest
    @CsvSource({"tiny-llama, false", "tiny-gpt2, false", "tiny-gpt2, true"})
    void theFileAppliedToTheBaseIsTheMergedModel(String name, boolean apart) {
        Path file = folder.resolve("adapter.gguf");
        try (PretrainedModel model = TinyModels.load(name)) {
            model.saveGguf(folder.resolve("base.gguf"), GgufType.F32);
            LoraBuilder lora = Lora.rank(3).alpha(5).on(apart ? Targets.ALL_LINEAR : Targets.ALL_LINEAR_FUSED);
            LoraAdapter adapter = Adapters.filled(lora.inject(model), 1);
            adapter.saveGguf(file);
            adapter.merge();
            model.saveGguf(folder.resolve("merged.gguf"), GgufType.F32);
        }
        int changed = 0;
        try (TensorFile base = TensorFile.open(folder.resolve("base.gguf"));
                TensorFile lora = TensorFile.open(file);
                TensorFile merged = TensorFile.open(folder.resolve("merged.gguf"))) {
            assertEquals(
                    base.metadata().get("general.architecture"), lora.metadata().get("general.architecture"));
            assertEquals("adapter", lora.metadata().get("general.type"));
            assertEquals("lora", lora.metadata().get("adapter.type"));
            float alpha = (Float) lora.metadata().get("adapter.lora.alpha");
            for (String tensor : base.names()) {
                NDArray expected = merged.read(tensor, manager);
                NDArray weight = base.read(tensor, manager);
                if (lora.names().contains(tensor + ".lora_a")) {
                    changed++;
                    NDArray a = lora.read(tensor + ".lora_a", manager);
                    NDArray b = lora.read(tensor + ".lora_b", manager);
                    weight = weight.add(b.matMul(a).mul(alpha / b.getShape().get(1)));
                }
                assertArrayEquals(expected.toFloatArray(), weight.toFloatArray(), 1e-5f, tensor);
            }
            assertEquals(2 * changed, lora.names().size());
        }
        assertEquals(name.equals("tiny-llama") ? 2 * 7 : 2 * 4, changed);
    }

    /** Ranks and scales that differ among the projections, as PEFT's patterns and rsLoRA make them. */
    @Test
    void scalesOfTheirOwnGoIntoB() throws IOException {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            LoraAdapter adapter =
                    Adapters.filled(Lora.rank(2).alpha(4).on("q_proj", "v_proj").inject(model), 1);
            adapter.save(folder.resolve("peft"));
            adapter.saveGguf(folder.resolve("plain.gguf"));
            adapter.remove();
            Path config = folder.resolve("peft").resolve(AdapterConfig.FILE);
            String text = Files.readString(config);
            assertTrue(text.contains("\"alpha_pattern\": {}"), text);
            Files.writeString(config, text.replace("\"alpha_pattern\": {}", "\"alpha_pattern\": {\"v_proj\": 12}"));
            Lora.load(folder.resolve("peft"), model).saveGguf(folder.resolve("pattern.gguf"));
        }
        try (TensorFile plain = TensorFile.open(folder.resolve("plain.gguf"));
                TensorFile pattern = TensorFile.open(folder.resolve("pattern.gguf"))) {
            assertEquals(4f, pattern.metadata().get("adapter.lora.alpha"));
            for (Map.Entry<String, Float> factor : Map.of(
                            "blk.0.attn_q.weight.lora_b", 1f, "blk.1.attn_v.weight.lora_b", 3f)
                    .entrySet()) {
                NDArray expected = plain.read(factor.getKey(), manager).mul(factor.getValue());
                assertEquals(expected, pattern.read(factor.getKey(), manager), factor.getKey());
            }
        }
    }

    @Test
    void whatLlamaCppCannotApplyIsRefused() throws IOException {
        Path file = folder.resolve("adapter.gguf");
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            LoraAdapter onHead = Lora.rank(2).on("lm_head").inject(model);
            assertRefused("is on the head", () -> onHead.saveGguf(file));
            onHead.remove();
            assertRefused("was removed", () -> onHead.saveGguf(file));
            LoraAdapter onClassifier = Lora.rank(2).on("c_attn").inject(model.classifier("ham", "spam"));
            assertRefused("on a classifier", () -> onClassifier.saveGguf(file));
        }
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            LoraAdapter adapter = Lora.rank(2).on("lm_head").inject(model);
            adapter.saveGguf(file);
            adapter.saveGguf(file);
            try (TensorFile read = TensorFile.open(file)) {
                assertTrue(read.names().contains("output.weight.lora_a"), "a head of its own has a place in the file");
            }
            Files.writeString(file, "mine");
            assertThrows(BadArgumentException.class, () -> adapter.saveGguf(file));
            assertEquals("mine", Files.readString(file));
            assertFalse(Files.exists(folder.resolve("other")));
        }
    }

    private static void assertRefused(String part, org.junit.jupiter.api.function.Executable save) {
        String message = assertThrows(LorikeetException.class, save).getMessage();
        assertTrue(message.contains(part), message);
    }
}
