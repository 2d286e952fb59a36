package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.ManagedArrays;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.io.GgufType;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.Safetensors;
import dev.lorikeet.weights.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters on a head or a token table that are one array in the model, and files that disagree about that. */
class TiedHeadTest {

    private static final String QWEN = "tiny-qwen3";

    @TempDir
    private Path home;

    private static LoraAdapter onHead(PretrainedModel model, String name, long seed) {
        return Adapters.filled(Lora.rank(2).alpha(4).on("lm_head").named(name).inject(model), seed);
    }

    private static float[] table(PretrainedModel model) {
        return model.transformer()
                .embeddings()
                .tokensSlot()
                .copyUsed(model.manager())
                .toFloatArray();
    }

    private void assertSavedAs(float[] logits, PretrainedModel model) throws IOException {
        Path folder = home.resolve("saved");
        model.save(folder, DType.FLOAT32);
        assertTrue(Files.readString(folder.resolve("config.json")).contains("\"tie_word_embeddings\": false"));
        try (PretrainedModel again = Models.load(folder.toString(), DType.FLOAT32)) {
            assertArrayEquals(logits, Adapters.logits(again), 1e-5f);
            assertFalse(again.config().tiedEmbeddings());
        }
        Path gguf = home.resolve("saved.gguf");
        model.saveGguf(gguf, GgufType.F32);
        try (TensorFile file = TensorFile.open(gguf)) {
            assertTrue(file.names().contains("output.weight") && file.names().contains("token_embd.weight"));
        }
        try (PretrainedModel again = Models.load(gguf.toString(), DType.FLOAT32)) {
            assertArrayEquals(logits, Adapters.logits(again), 1e-5f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", QWEN})
    void mergingLeavesTheTokenTable(String name) throws IOException {
        try (PretrainedModel model = TinyModels.load(name)) {
            assertTrue(model.transformer().isHeadTied());
            float[] base = Adapters.logits(model);
            float[] table = table(model);
            LoraAdapter adapter = onHead(model, "head", 1);
            float[] adapted = Adapters.logits(model);
            assertTrue(Adapters.distance(base, adapted) > 0.1);
            adapter.merge();
            assertArrayEquals(adapted, Adapters.logits(model), 1e-5f);
            assertArrayEquals(table, table(model));
            assertFalse(model.transformer().isHeadTied());
            float[] merged = Adapters.logits(model);
            model.computeDtype(DType.BFLOAT16);
            model.computeDtype(DType.FLOAT32);
            assertArrayEquals(merged, Adapters.logits(model), 0.3f);
            adapter.unmerge();
            model.adapters().disable();
            assertTrue(model.transformer().isHeadTied());
        }
        try (PretrainedModel model = TinyModels.load(name)) {
            float[] base = Adapters.logits(model);
            int arrays = ManagedArrays.count(model.manager());
            LoraAdapter adapter = onHead(model, "head", 1);
            float[] adapted = Adapters.logits(model);
            adapter.merge();
            assertSavedAs(adapted, model);
            adapter.unmerge();
            assertArrayEquals(adapted, Adapters.logits(model), "to the last bit");
            adapter.remove();
            assertArrayEquals(base, Adapters.logits(model));
            assertEquals(arrays, ManagedArrays.count(model.manager()));
        }
    }

    @Test
    void severalAdaptersMergeIntoOneHead() {
        try (PretrainedModel model = TinyModels.load(QWEN)) {
            LoraAdapter first = onHead(model, "first", 1);
            float[] one = Adapters.logits(model);
            LoraAdapter second = onHead(model, "second", 2);
            float[] both = Adapters.logits(model);
            model.merge();
            assertArrayEquals(both, Adapters.logits(model), 1e-5f);
            second.unmerge();
            second.disable();
            assertArrayEquals(one, Adapters.logits(model), 1e-5f);
            second.enable();
            second.merge();
            first.unmerge();
            assertArrayEquals(both, Adapters.logits(model), 1e-5f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT8", "NF4"})
    void theTableOfAQuantizedBaseStaysQuantized(Quantization quantization) throws IOException {
        Path folder = home.resolve("base");
        try (PretrainedModel model = TinyModels.randomLlama(3)) {
            model.save(folder);
            Files.copy(TinyModels.folder(QWEN).resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        }
        try (PretrainedModel model = Models.load(folder.toString(), quantization, DType.FLOAT32)) {
            boolean quantized = model.transformer().embeddings().tokens().isQuantized();
            float[] table = table(model);
            LoraAdapter adapter = onHead(model, "head", 1);
            float[] adapted = Adapters.logits(model);
            adapter.merge();
            assertArrayEquals(adapted, Adapters.logits(model), 1e-3f);
            assertArrayEquals(table, table(model));
            assertEquals(quantized, model.transformer().embeddings().tokens().isQuantized());
            adapter.unmerge();
            assertArrayEquals(adapted, Adapters.logits(model));
        }
    }

    /** PEFT saves the head itself beside the matrices on it, as "base_layer", where the vocabulary has grown. */
    @Test
    void matricesOnAHeadThatTheAdapterBringsAreMergedIntoIt() throws IOException {
        Path folder = home.resolve("adapter");
        try (PretrainedModel model = TinyModels.load(QWEN)) {
            onHead(model, "head", 1).save(folder);
        }
        Path file = folder.resolve("adapter_model.safetensors");
        Map<String, NDArray> tensors = new TreeMap<>();
        try (NDManager manager = Torch.manager()) {
            try (TensorFile read = TensorFile.open(file)) {
                read.names().forEach(name -> tensors.put(name, read.read(name, manager)));
            }
            tensors.put("base_model.model.lm_head.base_layer.weight", manager.randomNormal(new Shape(64, 32)));
            Safetensors.write(file, tensors, Map.of("format", "pt"));
        }
        try (PretrainedModel model = TinyModels.load(QWEN)) {
            float[] base = Adapters.logits(model);
            LoraAdapter adapter = Lora.load(folder, model);
            float[] adapted = Adapters.logits(model);
            adapter.merge();
            assertArrayEquals(adapted, Adapters.logits(model), 1e-5f);
            assertSavedAs(adapted, model);
            adapter.unmerge();
            assertArrayEquals(adapted, Adapters.logits(model));
            adapter.remove();
            assertArrayEquals(base, Adapters.logits(model));
        }
    }

    @Test
    void matricesAreNotMergedUnderAnotherAdaptersHead() {
        try (PretrainedModel model = TinyModels.load(QWEN)) {
            Lora.rank(1).on("q_proj").modulesToSave("lm_head").named("whole").inject(model);
            LoraAdapter adapter = onHead(model, "low-rank", 1);
            float[] adapted = Adapters.logits(model);
            String message =
                    assertThrows(LorikeetException.class, adapter::merge).getMessage();
            assertTrue(
                    message.startsWith("The adapter \"low-rank\" cannot be merged: the adapter \"whole\" brings the "
                            + "lm_head.weight"),
                    message);
            assertArrayEquals(adapted, Adapters.logits(model));
        }
    }

    @ParameterizedTest
    @CsvSource({"tiny-gpt2, wte", "tiny-qwen3, embed_tokens", "tiny-qwen3, lm_head"})
    void aModelWithATrainedTableOrHeadIsSavedUntied(String name, String module) throws IOException {
        try (PretrainedModel model = TinyModels.load(name)) {
            LoraAdapter adapter = Lora.rank(1)
                    .on(Targets.ALL_LINEAR_FUSED)
                    .modulesToSave(module)
                    .inject(model);
            NDArray own =
                    adapter.savedParameters().get(0).override().parameter().getArray();
            own.muli(1.5f);
            float[] adapted = Adapters.logits(model);
            adapter.merge();
            assertSavedAs(adapted, model);
        }
    }

    @Test
    void llamaCppKnowsNoGemma2WithAHeadOfItsOwn() throws IOException {
        Path folder = home.resolve("gemma");
        try (PretrainedModel model = TinyModels.load("tiny-gemma2")) {
            model.save(folder);
        }
        Path config = folder.resolve("config.json");
        // As in the published models, which GGUF has a place for.
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceAll("\"query_pre_attn_scalar\": [0-9.]+", "\"query_pre_attn_scalar\": 12"));
        try (PretrainedModel model = Models.load(folder.toString(), DType.FLOAT32)) {
            model.saveGguf(home.resolve("tied.gguf"), GgufType.F32);
            onHead(model, "head", 1).merge();
            String message = assertThrows(
                            LorikeetException.class, () -> model.saveGguf(home.resolve("m.gguf"), GgufType.F32))
                    .getMessage();
            assertEquals(
                    "GGUF files of a gemma2 have no place for a head that is not the token table; save a folder",
                    message);
        }
    }

    private Path savedAs(boolean tied) throws IOException {
        Path folder = home.resolve("model");
        try (PretrainedModel model = TinyModels.load(QWEN)) {
            if (!tied) {
                onHead(model, "head", 1).merge();
            }
            model.save(folder);
        }
        Path config = folder.resolve("config.json");
        String before = "\"tie_word_embeddings\": " + tied;
        Files.writeString(config, Files.readString(config).replace(before, "\"tie_word_embeddings\": " + !tied));
        return folder;
    }

    /** As transformers 5 does; older versions lose the head. */
    @Test
    void aHeadInAFileCountsThoughTheConfigurationTiesIt() throws IOException {
        float[] expected;
        try (PretrainedModel model = TinyModels.load(QWEN)) {
            onHead(model, "head", 1);
            expected = Adapters.logits(model);
        }
        try (PretrainedModel model = Models.load(savedAs(false).toString(), DType.FLOAT32)) {
            assertFalse(model.config().tiedEmbeddings());
            assertArrayEquals(expected, Adapters.logits(model), 1e-5f);
        }
    }

    @Test
    void aHeadThatIsTheTableOverAgainStaysTied() throws IOException {
        Path folder = home.resolve("model");
        try (PretrainedModel model = TinyModels.load(QWEN);
                NDManager manager = Torch.manager()) {
            model.save(folder);
            Path file = folder.resolve("model.safetensors");
            Map<String, NDArray> tensors = new TreeMap<>();
            try (TensorFile read = TensorFile.open(file)) {
                read.names().forEach(name -> tensors.put(name, read.read(name, manager)));
            }
            tensors.put(
                    "lm_head.weight", tensors.get("model.embed_tokens.weight").duplicate());
            Safetensors.write(file, tensors, Map.of("format", "pt"));
            try (PretrainedModel again = Models.load(folder.toString(), DType.FLOAT32)) {
                assertTrue(again.transformer().isHeadTied());
                assertArrayEquals(Adapters.logits(model), Adapters.logits(again));
            }
        }
    }

    @Test
    void aHeadThatIsNeitherThereNorTiedIsMissed() throws IOException {
        String folder = savedAs(true).toString();
        String message = assertThrows(BadFileException.class, () -> Models.load(folder, DType.FLOAT32))
                .getMessage();
        assertTrue(
                message.contains("model.safetensors: has no tensor \"lm_head.weight\", and \"tie_word_embeddings\" is "
                        + "false in its config.json; set it to true if"),
                message);
    }
}
