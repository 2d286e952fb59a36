package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.ConfigFiles;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.Safetensors;
import dev.lorikeet.weights.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Encoders on their way into files and out of them. */
class EncoderFilesTest {

    @TempDir
    private Path home;

    static List<String> all() {
        return EncodersTest.ALL;
    }

    @ParameterizedTest
    @MethodSource("all")
    void anAdapterSavedAndLoadedClassifiesAlike(String name) {
        Path folder = home.resolve("adapter");
        JsonObject expected = EncodersTest.expected(name);
        try (PretrainedModel base = TinyModels.load(name)) {
            Classifier classifier = EncodersTest.adapted(name, base);
            classifier.save(folder);
        }
        try (PretrainedModel base = TinyModels.load(name);
                Classifier loaded = Models.classifier(folder.toString(), base)) {
            assertEquals(EncodersTest.strings(expected, "labels"), loaded.labels());
            EncodersTest.assertLogits(expected, loaded);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aWholeClassifierSavedAndLoadedClassifiesAlike(String name) {
        Path folder = home.resolve("whole");
        JsonObject expected = EncodersTest.expected(name);
        try (PretrainedModel base = TinyModels.load(name)) {
            EncodersTest.adapted(name, base).merge().save(folder, DType.FLOAT32);
        }
        try (Classifier loaded = Models.classifier(folder.toString(), DType.FLOAT32)) {
            EncodersTest.assertLogits(expected, loaded);
        }
    }

    @Test
    void noGgufFileIsWritten() {
        Path file = home.resolve("bert.gguf");
        try (PretrainedModel model = TinyModels.load("tiny-bert")) {
            String message = assertThrows(LorikeetException.class, () -> model.saveGguf(file))
                    .getMessage();
            assertTrue(message.contains("GGUF files are not written"), message);
            assertFalse(Files.exists(file));
        }
    }

    /** A copy of a folder in which tensors have other names; those that get none are left out. */
    private Path renamed(String name, UnaryOperator<String> names) throws IOException {
        Path from = TinyModels.folder(name);
        Path to = Files.createDirectories(home.resolve("renamed"));
        for (String file : List.of("config.json", "tokenizer.json")) {
            Files.copy(from.resolve(file), to.resolve(file));
        }
        try (NDManager manager = Torch.manager();
                TensorFile file = TensorFile.open(from.resolve("model.safetensors"))) {
            Map<String, NDArray> tensors = new TreeMap<>();
            for (String old : file.names()) {
                String renamed = names.apply(old);
                if (!renamed.isEmpty()) {
                    tensors.put(renamed, file.readWeights(old, manager));
                }
            }
            Safetensors.write(to.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
        }
        return to;
    }

    @Test
    void namesOfTheFirstPublishedBertsAreRead() throws IOException {
        Path folder = renamed(
                "tiny-bert",
                name -> "bert."
                        + name.replace("LayerNorm.weight", "LayerNorm.gamma")
                                .replace("LayerNorm.bias", "LayerNorm.beta"));
        try (PretrainedModel early = Models.load(folder.toString(), DType.FLOAT32);
                PretrainedModel model = TinyModels.load("tiny-bert")) {
            assertArrayEquals(
                    model.embed("the rain").vector(0), early.embed("the rain").vector(0), 1e-6f);
        }
    }

    @Test
    void aPoolerThatTheFilesLackIsMadeAndTrainedAndSaved() throws IOException {
        Path folder = renamed("tiny-bert", name -> name.startsWith("pooler") ? "" : name);
        Path adapter = home.resolve("adapter");
        double probability;
        try (PretrainedModel base = Models.load(folder.toString(), DType.FLOAT32)) {
            assertNull(base.transformer().pooler());
            Classifier classifier = base.classifier("a", "b");
            LoraAdapter made = Lora.rank(2).inject(classifier);
            assertTrue(made.config().modulesToSave().containsAll(List.of("pooler", "classifier")));
            assertTrue(classifier
                    .transformer()
                    .pooler()
                    .dense()
                    .weightSlot()
                    .used()
                    .requiresGradient());
            probability = classifier.classify("the rain").probabilities().get("a");
            classifier.save(adapter);
        }
        try (PretrainedModel base = Models.load(folder.toString(), DType.FLOAT32);
                Classifier loaded = Models.classifier(adapter.toString(), base)) {
            assertEquals(
                    probability, loaded.classify("the rain").probabilities().get("a"), 1e-6);
        }
    }

    @Test
    void anAdapterOfPeftWithoutItsNewLayerIsRefused() throws IOException {
        Path folder = home.resolve("without");
        Path from = TinyModels.resources("tiny-distilbert").resolve("adapter");
        Files.createDirectories(folder);
        Files.copy(from.resolve("adapter_config.json"), folder.resolve("adapter_config.json"));
        try (NDManager manager = Torch.manager();
                TensorFile file = TensorFile.open(from.resolve("adapter_model.safetensors"))) {
            Map<String, NDArray> tensors = new TreeMap<>();
            file.names().stream()
                    .filter(name -> !name.contains("pre_classifier"))
                    .forEach(name -> tensors.put(name, file.readWeights(name, manager)));
            Safetensors.write(folder.resolve("adapter_model.safetensors"), tensors, Map.of("format", "pt"));
        }
        try (PretrainedModel base = TinyModels.load("tiny-distilbert")) {
            Classifier classifier = base.classifier("rain", "wind", "inn");
            String message = assertThrows(BadFileException.class, () -> Lora.load(folder, classifier))
                    .getMessage();
            assertTrue(message.contains("pre_classifier.weight") && message.contains("modules_to_save"), message);
        }
    }

    /** As for a model that came without a config.json of its own. */
    @ParameterizedTest
    @MethodSource("all")
    void settingsThatAreWrittenAreThoseThatWereRead(String name) {
        ModelConfig config = ConfigFiles.read(TinyModels.folder(name).resolve("config.json"));
        Path written = home.resolve("config.json");
        AtomicFiles.writeText(written, ConfigFiles.json(config).toString());
        assertEquals(config, ConfigFiles.read(written));
    }
}
