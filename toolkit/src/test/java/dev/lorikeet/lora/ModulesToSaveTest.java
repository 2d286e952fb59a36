package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.ManagedArrays;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.tensor.TensorMemory;
import dev.lorikeet.weights.Safetensors;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Biases and whole modules that an adapter has copies of its own of. */
class ModulesToSaveTest {

    private static final String PREFIX = "base_model.model.";

    @TempDir
    private Path folder;

    private static List<String> names(LoraAdapter adapter) {
        return adapter.savedParameters().stream()
                .map(copied -> copied.slot().name())
                .toList();
    }

    /** Changes every copy, as training would. */
    private static LoraAdapter changed(LoraAdapter adapter) {
        adapter.savedParameters().forEach(copied -> {
            NDArray array = copied.override().parameter().getArray();
            for (var bytes : TensorMemory.bytes(array)) {
                var floats = bytes.asFloatBuffer();
                for (int i = 0; i < floats.limit(); i++) {
                    floats.put(i, floats.get(i) + 0.1f * (i % 7 - 3));
                }
            }
        });
        return adapter;
    }

    private Map<String, Shape> saved() {
        try (TensorFile file = TensorFile.open(folder.resolve("adapter_model.safetensors"))) {
            Map<String, Shape> shapes = new TreeMap<>();
            file.names().stream()
                    .filter(name -> !name.contains(".lora_"))
                    .forEach(name -> shapes.put(name, file.entry(name).shape()));
            return shapes;
        }
    }

    @Test
    void whichBiasesAreCopied() {
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            LoraAdapter all = Lora.rank(1).on("c_fc").bias(Bias.ALL).inject(model);
            assertEquals(2 * 6 + 1, all.savedParameters().size());
            assertTrue(names(all).contains("transformer.ln_f.bias"));
            all.remove();
            LoraAdapter only = Lora.rank(1).on("c_fc").bias(Bias.LORA_ONLY).inject(model);
            assertEquals(List.of("transformer.h.0.mlp.c_fc.bias", "transformer.h.1.mlp.c_fc.bias"), names(only));
            assertEquals(
                    2 * 32 + 2 * (8 + 32), only.trainableParameters().trainable(), "two biases of 32 and two pairs");
            assertEquals(2 * 32 + 2 * (8 + 32), model.parameterCount().trainable());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tiny-gpt2, wte, lm_head",
        "tiny-gpt2, wpe, ln_f",
        "tiny-llama, embed_tokens, lm_head",
        "tiny-gpt2, h.1.mlp, wte"
    })
    void modulesAreSavedUnderPeftsNamesAndComeBack(String name, String first, String second) {
        float[] adapted;
        try (PretrainedModel model = TinyModels.load(name)) {
            float[] base = Adapters.logits(model);
            int arrays = ManagedArrays.count(model.manager());
            LoraAdapter adapter = Lora.rank(2)
                    .on(Targets.ALL_LINEAR_FUSED)
                    .modulesToSave(first, second)
                    .bias(Bias.ALL)
                    .inject(model);
            assertArrayEquals(base, Adapters.logits(model), "a copy changes nothing");
            Adapters.filled(changed(adapter), 1).save(folder);
            adapted = Adapters.logits(model);
            assertTrue(Adapters.distance(base, adapted) > 0.05);
            try (var off = adapter.disable()) {
                assertArrayEquals(base, Adapters.logits(model));
            }
            assertArrayEquals(adapted, Adapters.logits(model));
            adapter.merge();
            assertArrayEquals(adapted, Adapters.logits(model), 1e-4f);
            adapter.unmerge();
            adapter.remove();
            assertEquals(arrays, ManagedArrays.count(model.manager()));
        }
        for (String module : List.of(first, second)) {
            assertTrue(
                    saved().keySet().stream().anyMatch(key -> key.contains("." + module + ".")),
                    saved() + " " + module);
        }
        try (PretrainedModel model = TinyModels.load(name)) {
            float[] base = Adapters.logits(model);
            LoraAdapter adapter = Lora.load(folder, model);
            assertArrayEquals(adapted, Adapters.logits(model), 1e-6f);
            assertEquals(
                    adapter.trainableParameters().trainable(),
                    model.parameterCount().trainable());
            assertTrue(adapter.savedParameters().stream()
                    .allMatch(c -> c.override().parameter().requiresGradient()));
            assertEquals(List.of(first, second), adapter.config().modulesToSave());
            adapter.remove();
            assertArrayEquals(base, Adapters.logits(model));
        }
    }

    @Test
    void keysAndShapesAreThoseOfPeft() {
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            Lora.rank(2)
                    .on("c_attn")
                    .layersToTransform(0)
                    .bias(Bias.LORA_ONLY)
                    .modulesToSave("h.1.mlp.c_fc", "lm_head")
                    .inject(model)
                    .save(folder);
        }
        assertEquals(
                Map.of(
                        PREFIX + "transformer.h.0.attn.c_attn.base_layer.bias", new Shape(24),
                        PREFIX + "transformer.h.1.mlp.c_fc.weight", new Shape(8, 32),
                        PREFIX + "transformer.h.1.mlp.c_fc.bias", new Shape(32),
                        PREFIX + "lm_head.weight", new Shape(33, 8)),
                saved());
    }

    /** The token table of a tied model stays where only the head is trained, and the other way round. */
    @Test
    void aTiedHeadIsReplacedWithoutItsTable() {
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            LoraAdapter head =
                    Lora.rank(2).on("c_attn").modulesToSave("lm_head").inject(model);
            assertSame(
                    model.transformer().tokens(),
                    model.transformer().embeddings().used().get(0));
            assertEquals(
                    1,
                    model.transformer().head().slots().get(0).override().stream()
                            .count());
            head.disable();
            Lora.rank(2).on("c_attn").modulesToSave("wte").named("table").inject(model);
            assertSame(
                    model.transformer().tokens(),
                    model.transformer().head().weightSlot().used());
            assertFalse(model.transformer().embeddings().used().get(0)
                    == model.transformer().tokens());
        }
    }

    @Test
    void aSavedModuleGetsNoMatrices() {
        try (Classifier model = TinyModels.load("tiny-llama").classifier("ham", "spam")) {
            LoraAdapter adapter = Lora.rank(2).modulesToSave("score", "mlp").inject(model);
            assertTrue(adapter.adaptedProjections().stream()
                    .allMatch(placed -> placed.projection().path().contains("self_attn")));
            adapter.remove();
            String message = assertThrows(BadArgumentException.class, () -> Lora.rank(2)
                            .on("q_proj")
                            .modulesToSave("proj")
                            .inject(model))
                    .getMessage();
            assertTrue(message.contains("model.layers.0.self_attn.q_proj is one of the targets"), message);
        }
    }

    @Test
    void aTrainedHeadOfAClassifierIsPeftsSequenceClassification() {
        float[] adapted;
        try (Classifier model = TinyModels.load("tiny-llama").classifier(1, "ham", "spam")) {
            LoraAdapter adapter =
                    changed(Lora.rank(2).on("q_proj").modulesToSave("score").inject(model));
            adapted = Adapters.logits(model);
            adapter.save(folder);
        }
        assertEquals(Map.of(PREFIX + "score.weight", new Shape(2, 8), PREFIX + "score.bias", new Shape(2)), saved());
        try (Classifier model = TinyModels.load("tiny-llama").classifier(2, "ham", "spam")) {
            float[] base = Adapters.logits(model);
            LoraAdapter adapter = Lora.load(folder, model);
            assertArrayEquals(adapted, Adapters.logits(model), 1e-6f);
            assertEquals(4 * (8 + 16) + 18, adapter.trainableParameters().trainable());
            adapter.remove();
            assertArrayEquals(base, Adapters.logits(model), "the classifier has its own head again");
        }
    }

    @Test
    void wrongNamesAreRefused() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            String message = assertThrows(UnknownNameException.class, () -> Lora.rank(2)
                            .on("q_proj")
                            .modulesToSave("lm_hed")
                            .inject(model))
                    .getMessage();
            assertTrue(message.contains("module to save \"lm_hed\". Did you mean \"lm_head\"?"), message);
            message = assertThrows(UnknownNameException.class, () -> Lora.rank(2)
                            .on("q_proj")
                            .rankPattern("k_proj", 1)
                            .inject(model))
                    .getMessage();
            assertTrue(message.contains("rank pattern \"k_proj\"") && message.contains("\"q_proj\""), message);
            message = assertThrows(
                            BadArgumentException.class,
                            () -> Lora.rank(2).layersToTransform(2).inject(model))
                    .getMessage();
            assertTrue(message.contains("layer is 2; expected 0 to 1"), message);
            assertEquals(List.of(), model.adapters().list());
            assertTrue(model.transformer().slots().stream()
                    .allMatch(slot -> slot.override().isEmpty()));
        }
    }

    @Test
    void filesThatLackAModuleOrHaveAnotherShape() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            Lora.rank(2).on("q_proj").modulesToSave("lm_head").inject(model).save(folder);
            model.adapters().remove("default");
            rewrite(
                    model,
                    tensors -> tensors.put(
                            PREFIX + "lm_head.weight", model.manager().zeros(new Shape(40, 8))));
            assertRefused(model, "lm_head.weight of shape (40, 8), which does not fit lm_head.weight of");
            rewrite(model, tensors -> tensors.remove(PREFIX + "lm_head.weight"));
            assertRefused(
                    model, "has no tensor \"base_model.model.lm_head.weight\", although modules_to_save is [lm_head]");
        }
    }

    /** Such as one made for fewer layers of the same width. */
    @Test
    void anAdapterThatLacksATargetIsOfAnotherModel() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            Lora.rank(2).on("q_proj").inject(model).save(folder);
            model.adapters().remove("default");
            rewrite(model, tensors -> tensors.keySet().removeIf(key -> key.contains("layers.1.")));
            assertRefused(model, "has no matrices for model.layers.1.self_attn.q_proj");
        }
    }

    @Test
    void matricesOnATableAreRefused() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            Lora.rank(2).on("q_proj").inject(model).save(folder);
            model.adapters().remove("default");
            rewrite(
                    model,
                    tensors -> tensors.put(
                            PREFIX + "model.embed_tokens.lora_embedding_A",
                            model.manager().zeros(new Shape(2, 33))));
            assertRefused(model, "it has LoRA matrices on an embedding");
        }
    }

    private void rewrite(PretrainedModel model, java.util.function.Consumer<Map<String, NDArray>> change) {
        Path file = folder.resolve("adapter_model.safetensors");
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (TensorFile read = TensorFile.open(file)) {
            read.names().forEach(name -> tensors.put(name, read.read(name, model.manager())));
        }
        change.accept(tensors);
        Safetensors.write(file, tensors, Map.of());
    }

    private void assertRefused(PretrainedModel model, String part) {
        String message = assertThrows(BadFileException.class, () -> Lora.load(folder, model))
                .getMessage();
        assertTrue(message.contains(part), message);
        assertTrue(model.transformer().slots().stream()
                .map(ParameterSlot::override)
                .allMatch(java.util.Optional::isEmpty));
    }

    @Test
    void summaryAndTreeShowCopies() {
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            Lora.rank(2)
                    .on("c_fc")
                    .bias(Bias.ALL)
                    .modulesToSave("wte", "lm_head")
                    .inject(model);
            long rows = model.summary().rows().stream()
                    .mapToLong(row -> row.parameters())
                    .sum();
            assertEquals(model.parameterCount().total(), rows);
            String tree = model.tree().toString();
            assertTrue(tree.contains("+ default: own weight"), tree);
            assertTrue(tree.contains("+ default: own bias"), tree);
        }
    }
}
