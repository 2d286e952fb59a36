package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.Parameters;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.model.io.GgufType;
import dev.lorikeet.model.io.SavedModel;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.text.Tokenizers;
import dev.lorikeet.weights.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models written as folders and as GGUF files, and read again. */
class ExportTest {

    private static final int[] IDS = {29, 26, 4, 13, 3, 26, 31, 3, 30};

    @TempDir
    private Path home;

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama"})
    void aFolderHoldsTheSameModel(String name) throws IOException {
        Path folder = home.resolve("model");
        try (PretrainedModel model = TinyModels.load(name)) {
            SavedModel saved = model.save(folder);
            assertEquals("float32", saved.type());
            assertEquals(Set.of("model.safetensors", "config.json", "tokenizer.json"), names(folder));
            assertTrue(
                    saved.toString().matches(".*: float32, \\d+\\.\\d KiB \\(model\\.safetensors, config\\.json.*"),
                    saved.toString());
            assertSame(model, folder);
        }
        // The very tensors of the file that transformers wrote, but for the masks among them and GPT-2's shortened
        // names.
        try (TensorFile theirs = TensorFile.open(TinyModels.folder(name).resolve("model.safetensors"));
                TensorFile ours = TensorFile.open(folder.resolve("model.safetensors"));
                NDManager manager = Torch.manager()) {
            assertEquals("pt", ours.metadata().get("format"));
            for (String tensor : ours.names()) {
                String stored = theirs.names().contains(tensor) ? tensor : tensor.replace("transformer.", "");
                assertEquals(theirs.read(stored, manager), ours.read(tensor, manager), tensor);
            }
            long masks = theirs.names().stream()
                    .filter(tensor -> tensor.endsWith(".attn.bias"))
                    .count();
            assertEquals(theirs.names().size() - masks, ours.names().size());
        }
    }

    /** A model from elsewhere could hand on any file of this machine with links. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFileThatIsALinkToElsewhereIsNotCopied() throws IOException {
        Path secret = Files.writeString(home.resolve("secret"), "a key");
        Path origin = home.resolve("origin");
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            model.save(origin);
        }
        Path link = Files.createSymbolicLink(origin.resolve("merges.txt"), secret);
        Path target = home.resolve("target");
        try (PretrainedModel model = Models.load(origin.toString(), DType.FLOAT32)) {
            String message = assertThrows(BadFileException.class, () -> model.save(target))
                    .getMessage();
            assertTrue(message.startsWith(link + ": is a link to "), message);
            assertFalse(Files.exists(target));
            Files.delete(link);
            Files.move(secret, origin.resolve("own"));
            Files.createSymbolicLink(link, Path.of("own"));
            model.save(target);
            assertEquals("a key", Files.readString(target.resolve("merges.txt")));
        }
    }

    /** In the hub's cache all files are links to contents beside the snapshots. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theLinksOfTheHubsCacheAreFollowed() throws IOException {
        Path snapshot = home.resolve("models--a--b/snapshots/0123");
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            model.save(snapshot);
        }
        Path blobs = Files.createDirectory(home.resolve("models--a--b/blobs"));
        for (String name : List.of("tokenizer.json", "model.safetensors", "config.json")) {
            Files.move(snapshot.resolve(name), blobs.resolve(name));
            Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs/" + name));
        }
        Path target = home.resolve("target");
        try (PretrainedModel model = Models.load(snapshot.toString(), DType.FLOAT32)) {
            model.save(target);
        }
        assertEquals(-1, Files.mismatch(blobs.resolve("tokenizer.json"), target.resolve("tokenizer.json")));
        assertFalse(Files.isSymbolicLink(target.resolve("tokenizer.json")));
    }

    /** Other users may read what is saved as they may read any other file of this user's. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void filesHaveThePermissionsThatTheUmaskGives() throws IOException {
        Set<PosixFilePermission> usual = Files.getPosixFilePermissions(Files.createFile(home.resolve("usual")));
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            model.save(home.resolve("model"));
            model.saveGguf(home.resolve("model.gguf"));
        }
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertEquals(usual, Files.getPosixFilePermissions(file), file.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama"})
    void severalFilesHoldTheSameModel(String name) throws IOException {
        Path folder = home.resolve("model");
        try (PretrainedModel model = TinyModels.load(name)) {
            model.save(folder, DType.FLOAT32, 2000);
            assertFalse(Files.exists(folder.resolve("model.safetensors")));
            assertTrue(names(folder).contains("model.safetensors.index.json"));
            assertSame(model, folder);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT16", "BFLOAT16"})
    void halfPrecisionRoundsOnce(DType dtype) throws IOException {
        Path folder = home.resolve("model");
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            model.save(folder, dtype);
        }
        try (TensorFile whole = TensorFile.open(TinyModels.folder("tiny-llama").resolve("model.safetensors"));
                TensorFile half = TensorFile.open(folder.resolve("model.safetensors"));
                NDManager manager = Torch.manager()) {
            for (String tensor : whole.names()) {
                NDArray rounded = dtype.cast(whole.read(tensor, manager));
                assertEquals(DType.FLOAT32.cast(rounded), half.read(tensor, manager), tensor);
            }
        }
        try (PretrainedModel model = Models.load(folder.toString(), dtype)) {
            Path again = home.resolve("again");
            assertEquals(dtype.toString(), model.save(again).type());
            assertEquals(-1, Files.mismatch(weights(folder), weights(again)));
        }
    }

    private static Path weights(Path folder) {
        return folder.resolve("model.safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama"})
    void aGgufHoldsTheSameModel(String name) {
        Path file = home.resolve("model.gguf");
        try (PretrainedModel model = TinyModels.load(name)) {
            model.saveGguf(file, GgufType.F32);
            assertSame(model, file);
            // And what was made of the GGUF's vocabulary is the same tokenizer again.
            try (PretrainedModel read = Models.load(file.toString(), DType.FLOAT32)) {
                read.save(home.resolve("folder"));
                assertSame(model, home.resolve("folder"));
                read.saveGguf(home.resolve("again.gguf"), GgufType.F32);
                assertSame(model, home.resolve("again.gguf"));
            }
        }
    }

    @Test
    void matricesOfAGgufHaveTheTypeAndVectorsAreFloat32() {
        Path file = home.resolve("model.gguf");
        try (PretrainedModel model = Models.random("small", PublishedShapes.gpt2(64, 1, 2), Tokenizers.gpt2(), 1)) {
            model.saveGguf(file, GgufType.Q8_0);
            try (TensorFile read = TensorFile.open(file)) {
                assertEquals("Q8_0", read.entry("blk.0.attn_qkv.weight").type());
                assertEquals("F32", read.entry("blk.0.attn_qkv.bias").type());
                assertEquals("F32", read.entry("position_embd.weight").type());
                assertEquals(7L, read.metadata().get("general.file_type"));
                assertEquals(64L, read.metadata().get("gpt2.embedding_length"));
                assertEquals(
                        "none",
                        read.metadata().get("tokenizer.ggml.model"),
                        "an invented model has no tokenizer files");
            }
            model.saveGguf(file, GgufType.F16);
            try (TensorFile read = TensorFile.open(file)) {
                assertEquals("F16", read.entry("blk.0.attn_qkv.weight").type());
            }
        }
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            model.saveGguf(file, GgufType.Q8_0);
            try (TensorFile read = TensorFile.open(file)) {
                assertEquals("F16", read.entry("blk.0.attn_q.weight").type(), "rows of 8 have no blocks of 32");
            }
        }
    }

    /** Trained weights are float32 in a model that multiplies in half precision. */
    @Test
    void aThawedModelIsSaved() {
        Path folder = home.resolve("model");
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            model.freeze(false);
            model.save(folder);
            model.freeze(true);
            assertSame(model, folder);
        }
    }

    @Test
    void anActiveAdapterIsRefused() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            Projection query = model.transformer().layers().get(0).projections().get(0);
            try (LoraWeights delta = new LoraWeights(
                    "mine",
                    "q_proj",
                    Parameters.trainable("a", model.manager().ones(new Shape(1, query.in()))),
                    Parameters.trainable("b", model.manager().ones(new Shape(query.out(), 1))),
                    1,
                    0,
                    0)) {
                query.add(delta);
                Path folder = home.resolve("model");
                for (var save :
                        List.<Executable>of(() -> model.save(folder), () -> model.saveGguf(folder, GgufType.F16))) {
                    String message = assertThrows(LorikeetException.class, save).getMessage();
                    assertTrue(message.contains("\"mine\"") && message.contains("merge()"), message);
                }
                assertFalse(Files.exists(folder));
                query.remove(delta);
            }
        }
    }

    @Test
    void othersFilesStayAndOurOwnAreReplaced() throws IOException {
        Path folder = home.resolve("model");
        Path file = home.resolve("model.gguf");
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            Files.createDirectories(folder);
            model.save(folder, DType.FLOAT32, 2000);
            model.save(folder);
            assertEquals(Set.of("model.safetensors", "config.json", "tokenizer.json"), names(folder));
            Files.writeString(folder.resolve("notes.txt"), "mine");
            assertRefused("folder", () -> model.save(folder));
            assertTrue(Files.exists(folder.resolve("notes.txt")));

            Path theirs = home.resolve("theirs");
            Files.createDirectories(theirs);
            Files.copy(
                    TinyModels.folder("tiny-llama").resolve("model.safetensors"), theirs.resolve("model.safetensors"));
            assertRefused("folder", () -> model.save(theirs));
            assertRefused("folder", () -> model.save(theirs.resolve("model.safetensors")));

            model.saveGguf(file, GgufType.F16);
            model.saveGguf(file, GgufType.F32);
            Files.writeString(file, "mine");
            assertRefused("file", () -> model.saveGguf(file, GgufType.F16));
            assertRefused("file", () -> model.saveGguf(theirs, GgufType.F16));
            assertEquals("mine", Files.readString(file));
        }
        assertEquals(Set.of("model", "theirs", "model.gguf"), names(home));
    }

    private static void assertRefused(String argument, Executable save) {
        String message = assertThrows(BadArgumentException.class, save).getMessage();
        assertTrue(message.startsWith(argument + " is ") && message.contains("expected a new"), message);
    }

    @Test
    void anInterruptLeavesWhatWasThere() throws IOException {
        Path folder = home.resolve("model");
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            model.save(folder);
            Thread.currentThread().interrupt();
            assertThrows(StoppedException.class, () -> model.save(folder, DType.FLOAT16));
            Thread.currentThread().interrupt();
            assertThrows(StoppedException.class, () -> model.saveGguf(home.resolve("model.gguf"), GgufType.F16));
            assertSame(model, folder);
        }
        assertEquals(Set.of("model"), names(home));
    }

    @Test
    void savingLeavesNoArrays() {
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            int before = ManagedArrays.count(model.manager());
            model.save(home.resolve("model"));
            model.saveGguf(home.resolve("model.gguf"), GgufType.F16);
            assertEquals(before, ManagedArrays.count(model.manager()));
        }
    }

    private static void assertSame(PretrainedModel model, Path saved) {
        try (PretrainedModel read = Models.load(saved.toString(), model.computeDtype())) {
            assertArrayEquals(References.lastLogits(model, IDS), References.lastLogits(read, IDS));
            ModelConfig expected = model.config();
            assertEquals((float) expected.normEpsilon(), (float) read.config().normEpsilon());
            assertEquals(expected.contextLength(), read.config().contextLength());
            assertEquals(expected.tiedEmbeddings(), read.config().tiedEmbeddings());
            String text = "the end and the other.<|endoftext|>";
            assertArrayEquals(model.tokenizer().encode(text), read.tokenizer().encode(text));
            assertEquals(model.tokenizer().eos(), read.tokenizer().eos());
        }
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new TreeSet<>(
                    files.map(file -> file.getFileName().toString()).toList());
        }
    }
}
