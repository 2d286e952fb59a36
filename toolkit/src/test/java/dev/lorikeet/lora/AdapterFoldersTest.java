package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.io.SavedModel;
import dev.lorikeet.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Adapters that are loaded together with their base, and what a model with adapters saves. */
class AdapterFoldersTest {

    private static final List<String> LABELS = List.of("ham", "spam", "eggs");
    private static final String TEXT = "the end and the other.";

    @TempDir
    private Path home;

    private String adapter() {
        return home.resolve("mine").toString();
    }

    private static LoraAdapter inject(dev.lorikeet.model.LanguageModel model) {
        return Adapters.filled(Lora.rank(2).inject(model), 5);
    }

    @Test
    void aFolderLoadsTheBaseWithTheAdapterOnIt() {
        float[] expected;
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            float[] before = Adapters.logits(model);
            SavedModel saved = inject(model).save(adapter());
            assertEquals(List.of("adapter_model.safetensors", "adapter_config.json"), names(saved));
            assertTrue(saved.toString().contains("LoRA adapter for " + model.name()), saved.toString());
            expected = Adapters.logits(model);
            assertNotEquals(0, Adapters.distance(before, expected));
        }
        try (PretrainedModel model = Models.load(adapter(), DType.FLOAT32)) {
            assertEquals(List.of("mine"), model.adapters().names());
            assertArrayEquals(expected, Adapters.logits(model));
            assertEquals(TinyModels.folder("tiny-llama").toString(), model.name());
        }
    }

    @Test
    void aClassifiersFolderGivesAReadyClassifier() {
        String expected;
        try (Classifier model = TinyModels.load("tiny-llama").classifier(7, LABELS)) {
            model.pooling(Classifier.Pooling.LAST_POSITION);
            inject(model).save(home.resolve("mine"));
            expected = model.classify(TEXT).details();
        }
        try (Classifier model = Models.classifier(adapter(), DType.FLOAT32)) {
            assertEquals(LABELS, model.labels());
            assertEquals(Classifier.Pooling.LAST_POSITION, model.pooling());
            assertEquals(expected, model.classify(TEXT).details());
        }
    }

    @Test
    void whichCallLoadsAFolderIsSaid() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            inject(model).save(home.resolve("writes"));
        }
        try (Classifier model = TinyModels.load("tiny-llama").classifier(LABELS)) {
            inject(model).save(home.resolve("decides"));
        }
        assertSays("ham, spam, eggs); load it with Models.classifier(\"", () -> Models.load(home.resolve("decides")));
        assertSays("Models.load(\"", () -> Models.classifier(home.resolve("writes")));
    }

    @Test
    void theBaseMayBeBesideTheAdapterOrNamedByHand() throws IOException {
        float[] expected;
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            inject(model).save(adapter());
            expected = Adapters.logits(model);
            model.adapters().remove("default");
            model.save(home.resolve("base"));
        }
        renameBase("base");
        try (PretrainedModel model = Models.load(adapter(), DType.FLOAT32)) {
            assertArrayEquals(expected, Adapters.logits(model));
        }
        renameBase("random toy");
        assertSays("Models.load(\"" + adapter() + "\", \"name or path of the base\")", () -> Models.load(adapter()));
        renameBase("");
        assertSays("names no base model", () -> Models.load(adapter()));
        String tiny = TinyModels.folder("tiny-llama").toString();
        try (PretrainedModel model = Models.load(adapter(), tiny)) {
            assertEquals(List.of("mine"), model.adapters().names());
        }
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            model.save(home.resolve("gpt"));
        }
        assertThrows(
                BadFileException.class,
                () -> Models.load(adapter(), home.resolve("gpt").toString()));
    }

    private void renameBase(String name) throws IOException {
        Path file = home.resolve("mine/adapter_config.json");
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceAll(
                                "\"base_model_name_or_path\": \".*\"",
                                "\"base_model_name_or_path\": \"" + name + "\""));
    }

    @Test
    void aWrongFolderSaysWhatIsInIt() throws IOException {
        Path wrong = Files.createDirectories(home.resolve("runs"));
        assertSays("It is empty", () -> Models.load(wrong));
        Files.writeString(wrong.resolve("notes.txt"), "mine");
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            inject(model).save(wrong.resolve("checkpoint-25"));
        }
        String nearest = "holds checkpoint-25, notes.txt. Did you mean \"" + wrong.resolve("checkpoint-25") + "\"?";
        assertSays(nearest, () -> Models.load(wrong));
        assertSays(nearest, () -> Models.classifier(wrong));
        assertSays(nearest, () -> Models.load(wrong.toString(), "gpt2"));
        assertSays("There is no such folder", () -> Models.classifier(home.resolve("absent")));
        Files.delete(wrong.resolve("checkpoint-25/adapter_model.safetensors"));
        assertSays("has no adapter_model.safetensors", () -> Models.load(wrong.resolve("checkpoint-25")));
    }

    @Test
    void aModelWithAnActiveAdapterSavesThat() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            inject(model);
            model.save(adapter());
            assertEquals(Set.of("adapter_model.safetensors", "adapter_config.json"), files(home.resolve("mine")));
            float[] expected = Adapters.logits(model);
            assertSays(LorikeetException.class, "merge()", () -> model.save(home.resolve("whole"), DType.FLOAT32));
            assertSays(LorikeetException.class, "merge()", () -> model.saveGguf(home.resolve("whole.gguf")));

            String whole = home.resolve("whole").toString();
            model.merge().merge().save(whole);
            model.saveGguf(home.resolve("whole.gguf").toString());
            assertTrue(Files.exists(home.resolve("whole.gguf")));
            try (PretrainedModel read = Models.load(whole, DType.FLOAT32)) {
                float distance = Adapters.distance(expected, Adapters.logits(read));
                assertTrue(distance < 1e-4, "off by " + distance);
            }
            Adapters.filled(Lora.rank(2).named("second").inject(model), 6);
            assertSays(LorikeetException.class, "second", () -> model.save(home.resolve("two")));
            model.adapters().remove("second");
            model.adapters().list().forEach(merged -> ((LoraAdapter) merged).unmerge());
            assertSays(BadArgumentException.class, "holds a whole model", () -> model.save(whole));
        }
    }

    @Test
    void aWholeClassifierIsSavedAndLoaded() {
        String folder = home.resolve("whole").toString();
        for (String base : List.of("tiny-llama", "tiny-gpt2")) {
            String expected;
            try (Classifier model = TinyModels.load(base).classifier(7, LABELS)) {
                inject(model);
                model.pooling(Classifier.Pooling.LAST_POSITION).merge().save(folder);
                expected = model.classify(TEXT).details();
                assertSays(LorikeetException.class, "Save a folder", () -> model.saveGguf("x.gguf"));
            }
            assertFalse(Files.exists(Path.of("x.gguf")));
            try (Classifier model = Models.classifier(folder, DType.FLOAT32)) {
                assertEquals(LABELS, model.labels());
                assertEquals(Classifier.Pooling.LAST_POSITION, model.pooling());
                assertEquals(0, model.parameterCount().trainable());
                assertEquals(expected, model.classify(TEXT).details());
                model.save(folder);
            }
            assertSays("Models.classifier(\"", () -> Models.load(folder));
            assertSays("Models.load(\"", () -> Models.classifier(TinyModels.folder(base)));
        }
    }

    private static void assertSays(String part, Executable call) {
        assertSays(BadFileException.class, part, call);
    }

    private static void assertSays(Class<? extends LorikeetException> type, String part, Executable call) {
        String message = assertThrows(type, call).getMessage();
        assertTrue(message.contains(part), message);
    }

    private static List<String> names(SavedModel saved) {
        return saved.files().stream().map(file -> file.getFileName().toString()).toList();
    }

    private static Set<String> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
