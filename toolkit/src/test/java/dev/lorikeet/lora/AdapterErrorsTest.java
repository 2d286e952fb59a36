package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.ManagedArrays;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.weights.Safetensors;
import dev.lorikeet.weights.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapter files that do not fit are refused by name, and the model is left as it was. */
class AdapterErrorsTest {

    private static final String KEY = "base_model.model.transformer.h.1.mlp.c_fc.lora_";

    @TempDir
    private Path folder;

    private PretrainedModel model;

    @BeforeEach
    void save() {
        model = TinyModels.load("tiny-gpt2");
        LoraAdapter adapter = Adapters.filled(Lora.rank(2).inject(model), 1);
        adapter.save(folder);
        adapter.remove();
    }

    @AfterEach
    void close() {
        model.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[null]", "{}", "[1]", "[\"ham\""})
    void labelsThatAreNone(String labels) {
        changed(Map.of(AdapterWriter.LABELS, labels), tensors -> {});
        String message =
                assertThrows(BadFileException.class, () -> Lora.labels(folder)).getMessage();
        assertTrue(message.contains("adapter_model.safetensors: has labels that cannot be read: "), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "", "query,", "query,tail"})
    void slicesThatThereAreNot(String slices) {
        LoraAdapter adapter = Lora.rank(2).on("query", "value").named("slices").inject(model);
        adapter.save(folder);
        adapter.remove();
        changed(Map.of(AdapterWriter.SLICES, slices), tensors -> {});
        refused(model, "which transformer.h.0.attn.c_attn does not have");
    }

    @Test
    void settingsThatAreNotSupported() throws IOException {
        refusedWith("\"use_dora\": false", "\"use_dora\": true", "use_dora is true");
        refusedWith("\"peft_type\": \"LORA\"", "\"peft_type\": \"LOHA\"", "peft_type is \"LOHA\"");
        refusedWith("\"use_dora\": false", "\"lora_bias\": true", "lora_bias is true");
        refusedWith("\"use_dora\": false", "\"layer_replication\": [[0, 1]]", "layer_replication");
        refusedWith("\"r\": 2,", "", "has no rank");
        refusedWith("\"r\": 2,", "\"r\": \"two\",", "r is \"two\"; expected a whole number");
        refusedWith("\"r\": 2,", "\"r\": 2.5,", "r is 2.5; expected a whole number");
        refusedWith("\"lora_alpha\": 2,", "\"lora_alpha\": 1e999,", "lora_alpha is 1e999; expected a finite number");
        refusedWith("\"lora_dropout\": 0.0", "\"lora_dropout\": {}", "lora_dropout is {}; expected a finite number");
        refusedWith(
                "\"rank_pattern\"",
                "\"rank_pattern\": [1], \"runtime_config\"",
                "rank_pattern is [1]; expected an object");
        refusedWith(
                "\"rank_pattern\"",
                "\"rank_pattern\": {\"c_fc\": \"4\"}, \"runtime_config\"",
                "\"c_fc\" in rank_pattern is \"4\"; expected a whole number");
        refusedWith("\"rank_pattern\"", "\"rank_pattern\": {\"(\": 4}, \"runtime_config\"", "rank pattern is \"(\"");
        refusedWith(
                "\"alpha_pattern\"",
                "\"alpha_pattern\": {\"((([a-z0-9._])*)*)*X\": 4}, \"runtime_config\"",
                "adapter_config.json: cannot be used: regular expression is");
        refusedWith("\"r\": 2,", "\"r\": 3,", "has rank 2; by adapter_config.json it should be 3");
        refusedWith("{", "", "not a readable adapter configuration");
    }

    /** The message names the setting; the file is put back. */
    private void refusedWith(String text, String instead, String part) throws IOException {
        Path file = folder.resolve("adapter_config.json");
        String original = Files.readString(file);
        assertTrue(original.contains(text), text);
        Files.writeString(file, original.replace(text, instead));
        refused(model, part);
        Files.writeString(file, original);
    }

    @Test
    void missingFiles() throws IOException {
        Files.delete(folder.resolve("adapter_model.safetensors"));
        refused(model, "has no adapter_model.safetensors");
        Files.delete(folder.resolve("adapter_config.json"));
        refused(model, "there is no adapter_config.json");
    }

    @Test
    void wrongShapes() {
        changed(tensors -> tensors.put(KEY + "A.weight", zeros(2, 9)));
        refused(model, "A (2, 9) and B (32, 2) do not fit transformer.h.1.mlp.c_fc, which is 8 → 32");
        changed(tensors -> tensors.put(KEY + "A.weight", zeros(16)));
        refused(model, "A (16)");
        changed(tensors -> {
            tensors.put(KEY + "A.weight", zeros(2, 8));
            tensors.put(KEY + "B.weight", zeros(32, 3));
        });
        refused(model, "B (32, 3)");
    }

    @Test
    void foreignAndMissingTensors() {
        changed(tensors -> tensors.put(KEY.replace("h.1", "h.7") + "A.weight", zeros(2, 8)));
        refused(model, "the model has no module for base_model.model.transformer.h.7.mlp.c_fc.lora_A.weight");
        changed(tensors -> {
            tensors.remove(KEY.replace("h.1", "h.7") + "A.weight");
            tensors.remove(KEY + "B.weight");
        });
        refused(model, "has no tensor \"" + KEY + "B.weight\"");
        changed(Map::clear);
        refused(model, "it holds no LoRA matrices");
    }

    @Test
    void anAdapterOfAnotherModel() {
        try (PretrainedModel llama = TinyModels.load("tiny-llama")) {
            refused(llama, "the model has no module for base_model.model.transformer.h.0.attn.c_attn.lora_A.weight");
        }
    }

    @Test
    void slicesThatTheProjectionDoesNotHave() {
        changed(Map.of("lorikeet.slices", "query,gate,value"), tensors -> {});
        refused(model, "has matrices for the slices \"query,gate,value\"");
        changed(Map.of("lorikeet.slices", "query,key,value,query"), tensors -> {});
        refused(model, "has matrices for the slices \"query,key,value,query\"");
    }

    @Test
    void aClassifierNeedsAHeadForItsLabels() {
        try (Classifier classifier = TinyModels.load("tiny-gpt2").classifier("ham", "spam")) {
            refused(classifier, "has no head (score), which a classifier needs");
            LoraAdapter adapter = Adapters.filled(Lora.rank(2).inject(classifier), 1);
            adapter.save(folder);
            adapter.remove();
        }
        refused(model, "the model has no module for base_model.model.score.base_layer.bias");
        try (Classifier other = TinyModels.load("tiny-gpt2").classifier("spam", "ham")) {
            refused(other, "was trained for the labels [\"ham\",\"spam\"]; the classifier has the labels [spam, ham]");
        }
        changed(Map.of("lorikeet.pooling", "FIRST"), tensors -> {});
        try (Classifier same = TinyModels.load("tiny-gpt2").classifier("ham", "spam")) {
            refused(same, "its pooling is \"FIRST\"");
        }
        changed(Map.of(), tensors -> tensors.put("base_model.model.score.base_layer.weight", zeros(3, 8)));
        try (Classifier same = TinyModels.load("tiny-gpt2").classifier("ham", "spam")) {
            refused(
                    same,
                    "holds base_model.model.score.base_layer.weight of shape (3, 8), which does not fit score.weight of "
                            + same.name() + ", (2, 8)");
        }
    }

    @Test
    void nothingOfABadFileReachesAClassifier() {
        try (Classifier classifier = TinyModels.load("tiny-gpt2").classifier("ham", "spam")) {
            classifier.pooling(Classifier.Pooling.LAST_POSITION);
            LoraAdapter adapter = Adapters.filled(Lora.rank(2).inject(classifier), 1);
            adapter.save(folder);
        }
        Map<String, String> metadata = Map.of("lorikeet.pooling", "LAST_POSITION");
        changed(metadata, tensors -> tensors.put("base_model.model.score.more", zeros(1)));
        try (Classifier fresh = TinyModels.load("tiny-gpt2").classifier("ham", "spam")) {
            refused(fresh, "base_model.model.score.more");
            assertEquals(Classifier.Pooling.LAST_TOKEN, fresh.pooling());
        }
    }

    @Test
    void anAdapterOfPeftWithoutABiasOnTheHeadIsTaken() {
        float[] weight;
        try (Classifier classifier = TinyModels.load("tiny-gpt2").classifier("ham", "spam")) {
            Lora.rank(2).inject(classifier).save(folder);
            weight = classifier.transformer().head().weight().getArray().toFloatArray();
        }
        changed(Map.of(), tensors -> tensors.remove("base_model.model.score.base_layer.bias"));
        try (Classifier fresh = TinyModels.load("tiny-gpt2").classifier(9, "ham", "spam")) {
            Lora.load(folder, fresh);
            assertArrayEquals(
                    weight,
                    fresh.transformer().head().weightSlot().used().getArray().toFloatArray());
            assertArrayEquals(
                    new float[2],
                    fresh.transformer().head().biasSlot().used().getArray().toFloatArray());
        }
    }

    private NDArray zeros(long... shape) {
        return model.manager().zeros(new Shape(shape));
    }

    private void changed(Consumer<Map<String, NDArray>> change) {
        changed(Map.of(), change);
    }

    /** Writes the tensors again after a change. */
    private void changed(Map<String, String> metadata, Consumer<Map<String, NDArray>> change) {
        Path file = folder.resolve("adapter_model.safetensors");
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (TensorFile read = TensorFile.open(file)) {
            read.names().forEach(name -> tensors.put(name, read.read(name, model.manager())));
        }
        change.accept(tensors);
        Safetensors.write(file, tensors, metadata);
    }

    private void refused(LanguageModel refusing, String part) {
        refusing.freeze(false);
        float[] logits = Adapters.logits(refusing);
        String tree = refusing.tree().toString();
        long trainable = refusing.parameterCount().trainable();
        int arrays = ManagedArrays.count(refusing.manager());
        String message = assertThrows(BadFileException.class, () -> Lora.load(folder, refusing))
                .getMessage();
        assertTrue(message.contains(part), "no \"" + part + "\" in: " + message);
        assertArrayEquals(logits, Adapters.logits(refusing));
        assertEquals(tree, refusing.tree().toString());
        assertEquals(trainable, refusing.parameterCount().trainable());
        assertEquals(arrays, ManagedArrays.count(refusing.manager()));
        assertEquals(List.of(), refusing.transformer().projections().get(0).loraWeights());
    }
}
