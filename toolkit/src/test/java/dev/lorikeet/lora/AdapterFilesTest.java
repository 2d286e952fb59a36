package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.TestData;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.References;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters written and read again, beside PEFT's own files. */
class AdapterFilesTest {

    @TempDir
    private Path folder;

    private JsonObject config() {
        return TestData.json(folder.resolve("adapter_config.json"));
    }

    private static List<String> strings(JsonElement array) {
        return array.getAsJsonArray().asList().stream()
                .map(JsonElement::getAsString)
                .toList();
    }

    private static Map<String, Shape> shapes(Path adapter) {
        try (TensorFile file = TensorFile.open(adapter.resolve("adapter_model.safetensors"))) {
            Map<String, Shape> shapes = new TreeMap<>();
            file.names().forEach(name -> shapes.put(name, file.entry(name).shape()));
            return shapes;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama"})
    void aLanguageModelsGivesTheSameLogits(String name) {
        float[] adapted;
        try (PretrainedModel model = TinyModels.load(name)) {
            LoraAdapter adapter =
                    Adapters.filled(Lora.rank(4).alpha(8).dropout(0.1).inject(model), 1);
            adapted = Adapters.logits(model);
            adapter.save(folder);
        }
        assertEquals(List.of(), Lora.labels(folder));
        try (PretrainedModel model = TinyModels.load(name)) {
            model.freeze(false);
            float[] base = Adapters.logits(model);
            LoraAdapter adapter = Lora.load(folder, model);
            assertArrayEquals(adapted, Adapters.logits(model), 1e-6f);
            assertEquals(folder.getFileName().toString(), adapter.name());
            assertEquals(0.1, adapter.config().dropout());
            assertEquals(
                    adapter.trainableParameters().trainable(),
                    model.parameterCount().trainable());
            adapter.remove();
            assertArrayEquals(base, Adapters.logits(model));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama"})
    void aClassifiersHeadGoesWithIt(String name) {
        for (Targets targets : List.of(Targets.ALL_LINEAR, Targets.ALL_LINEAR_FUSED)) {
            Path saved = folder.resolve(targets.toString());
            float[] adapted;
            try (Classifier model = TinyModels.load(name).classifier(1, "ham", "spam")) {
                model.pooling(Classifier.Pooling.LAST_POSITION);
                LoraAdapter adapter = Adapters.filled(Lora.rank(2).on(targets).inject(model), 1);
                adapted = Adapters.logits(model);
                adapter.save(saved);
            }
            try (Classifier model = TinyModels.load(name).classifier(2, "ham", "spam")) {
                assertTrue(Adapters.distance(adapted, Adapters.logits(model)) > 0.01);
                Lora.load(saved, model);
                assertArrayEquals(adapted, Adapters.logits(model), 1e-6f);
                assertEquals(Classifier.Pooling.LAST_POSITION, model.pooling());
            }
            assertEquals(List.of("ham", "spam"), Lora.labels(saved));
            boolean adaptedHead = targets == Targets.ALL_LINEAR;
            String head = "base_model.model.score" + (adaptedHead ? ".base_layer" : "");
            assertEquals(new Shape(2, 8), shapes(saved).get(head + ".weight"));
            assertEquals(new Shape(2), shapes(saved).get(head + ".bias"));
            JsonElement task =
                    TestData.json(saved.resolve("adapter_config.json")).get("task_type");
            assertEquals(adaptedHead ? null : new JsonPrimitive("SEQ_CLS"), task);
            assertEquals(adaptedHead, shapes(saved).containsKey("base_model.model.score.lora_A.weight"));
        }
    }

    /** DJL does not know bfloat16: a head in it must be neither read nor written as if it were float32. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void aHeadInHalfPrecisionIsSavedAndLoaded(DType dtype) {
        float[] adapted;
        try (PretrainedModel loaded = Models.load(TinyModels.folder("tiny-gpt2").toString(), dtype);
                Classifier model = loaded.classifier(1, "ham", "spam")) {
            LoraAdapter adapter = Adapters.filled(Lora.rank(2).inject(model), 1);
            adapted = Adapters.logits(model);
            adapter.save(folder);
        }
        try (PretrainedModel loaded = Models.load(TinyModels.folder("tiny-gpt2").toString(), dtype);
                Classifier model = loaded.classifier(2, "ham", "spam")) {
            Lora.load(folder, model);
            assertArrayEquals(adapted, Adapters.logits(model), 1e-6f);
        }
    }

    @Test
    void aMergedOneStillHoldsItsMatrices() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            LoraAdapter adapter = Adapters.filled(Lora.rank(4).inject(model), 1);
            float[] adapted = Adapters.logits(model);
            adapter.merge();
            adapter.save(folder);
            adapter.unmerge();
            adapter.remove();
            Lora.load(folder, model);
            assertArrayEquals(adapted, Adapters.logits(model), 1e-4f);
        }
    }

    @Test
    void slicesBecomeOneAdapterOnTheFusedProjection() {
        float[] adapted;
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            LoraAdapter adapter =
                    Adapters.filled(Lora.rank(3).alpha(6).on("query", "value").inject(model), 1);
            adapted = Adapters.logits(model);
            adapter.save(folder);
        }
        String key = "base_model.model.transformer.h.1.attn.c_attn.lora_";
        assertEquals(Set.of("c_attn"), new TreeSet<>(strings(config().get("target_modules"))));
        assertEquals(3, config().get("r").getAsInt());
        assertEquals(6, config().getAsJsonObject("rank_pattern").get("c_attn").getAsInt());
        assertEquals(12, config().getAsJsonObject("alpha_pattern").get("c_attn").getAsInt());
        try (TensorFile file = TensorFile.open(folder.resolve("adapter_model.safetensors"));
                PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            assertEquals(new Shape(6, 8), file.entry(key + "A.weight").shape());
            assertEquals(new Shape(24, 6), file.entry(key + "B.weight").shape());
            float[] b = file.read(key + "B.weight", model.manager()).toFloatArray();
            for (int row = 0; row < 24; row++) {
                for (int column = 0; column < 6; column++) {
                    boolean query = row < 8 && column < 3;
                    boolean value = row >= 16 && column >= 3;
                    assertEquals(query || value, b[row * 6 + column] != 0, row + ", " + column);
                }
            }
            LoraAdapter adapter = Lora.load(folder, model);
            assertArrayEquals(adapted, Adapters.logits(model), 1e-6f);
            assertEquals(
                    List.of("query", "value"),
                    model.transformer().projections().get(0).loraWeights().stream()
                            .map(delta -> delta.target())
                            .toList());
            assertEquals("query, value", adapter.config().targetModules().toString());
        }
    }

    @Test
    void aSliceBesideTheWholeIsSavedAsOne() {
        float[] adapted;
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            LoraAdapter adapter =
                    Adapters.filled(Lora.rank(2).on("query", "c_attn").inject(model), 1);
            adapted = manyLogits(model);
            adapter.save(folder);
        }
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            Lora.load(folder, model);
            assertArrayEquals(adapted, manyLogits(model), 1e-5f);
        }
    }

    /** Of more rows than those whose products take a way of their own, and add up in another order. */
    private static float[] manyLogits(PretrainedModel model) {
        try (NDManager scope = Torch.manager();
                NDArray logits = model.logits(scope, new int[][] {Adapters.IDS, Adapters.IDS})) {
            return logits.toFloatArray();
        }
    }

    @Test
    void plainAlphaIsSavedAsItsProductWithTheRank() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            LoraAdapter adapter = Lora.rank(16).plainAlpha(16).on("q_proj").inject(model);
            assertEquals(16, adapter.adaptedProjections().get(0).weights().scale());
            adapter.save(folder);
            assertEquals("256", config().get("lora_alpha").toString());
            adapter.remove();
            assertEquals(
                    16,
                    Lora.load(folder, model)
                            .adaptedProjections()
                            .get(0)
                            .weights()
                            .scale());
        }
    }

    @Test
    void targetsThatAreNotAllOfTheirNameAreSavedByTheirPaths() {
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            Lora.rank(2).on("mlp.c_proj", "c_fc").inject(model).save(folder);
            assertEquals(
                    List.of("c_fc", "transformer.h.0.mlp.c_proj", "transformer.h.1.mlp.c_proj"),
                    strings(config().get("target_modules")));
        }
    }

    @Test
    void ranksAndScalesOfOneLayerAreSavedByItsPath() {
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            Lora.rank(2)
                    .on("query", "transformer.h.1.attn.c_attn")
                    .inject(model)
                    .save(folder);
            assertEquals(
                    Map.of("transformer.h.1.attn.c_attn", 4).keySet(),
                    config().getAsJsonObject("rank_pattern").keySet());
            assertEquals(2, config().get("r").getAsInt());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"capp-gpt2", "smollm2"})
    void namesShapesAndSettingsAreThoseOfPeft(String name) {
        Path theirs = TestData.fixture(name + "/lora-init");
        try (PretrainedModel model = name.equals("smollm2")
                ? Models.load(TestData.smollm2().toString(), DType.FLOAT32)
                : References.cappGpt2()) {
            JsonObject expected = TestData.json(theirs.resolve("adapter_config.json"));
            Lora.rank(expected.get("r").getAsInt())
                    .alpha(expected.get("lora_alpha").getAsDouble())
                    .on(strings(expected.get("target_modules")))
                    .inject(model)
                    .save(folder);
            assertEquals(shapes(theirs), shapes(folder));
            assertSameConfig(expected);
        }
    }

    @Test
    void anAdapterOfPeftIsSavedAgainAsItWas() {
        Path theirs = TestData.fixture("capp-gpt2/lora-final");
        try (PretrainedModel model = References.cappGpt2()) {
            LoraAdapter adapter = Lora.load(theirs, model);
            assertEquals("lora-final", adapter.name());
            adapter.save(folder);
            assertEquals(shapes(theirs), shapes(folder));
            assertSameConfig(TestData.json(theirs.resolve("adapter_config.json")));
            float[] loaded = Adapters.logits(model);
            adapter.remove();
            Lora.load(folder, model, "again");
            assertArrayEquals(loaded, Adapters.logits(model));
        }
    }

    @Test
    void anAdapterOfPeftGivesItsLogits() {
        try (PretrainedModel model = Models.load(TestData.smollm2().toString(), DType.FLOAT32)) {
            Lora.load(TestData.fixture("smollm2/lora-final"), model);
            JsonObject fixture = TestData.json(TestData.fixture("smollm2/lora-training.json"));
            fixture.getAsJsonArray("after")
                    .forEach(expected -> References.assertForward(model, expected.getAsJsonObject(), 2e-3));
        }
    }

    private void assertSameConfig(JsonObject expected) {
        JsonObject ours = config();
        for (String key : ours.keySet()) {
            assertTrue(expected.has(key), "PEFT has no setting " + key);
        }
        for (String key : List.of(
                "peft_type", "task_type", "r", "lora_alpha", "bias", "fan_in_fan_out", "use_rslora", "use_dora")) {
            assertEquals(expected.get(key), ours.get(key), key);
        }
        assertEquals(
                new TreeSet<>(strings(expected.get("target_modules"))),
                new TreeSet<>(strings(ours.get("target_modules"))));
    }

    @Test
    void theSameFolderTwiceNeedsAnotherName() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            LoraAdapter adapter = Adapters.filled(Lora.rank(2).inject(model), 1);
            adapter.save(folder);
            adapter.remove();
            Lora.load(folder, model);
            String message = org.junit.jupiter.api.Assertions.assertThrows(
                            dev.lorikeet.base.BadArgumentException.class, () -> Lora.load(folder, model))
                    .getMessage();
            assertTrue(message.contains(folder.getFileName().toString()), message);
            assertFalse(Lora.load(folder, model, "second").name().isEmpty());
        }
    }
}
