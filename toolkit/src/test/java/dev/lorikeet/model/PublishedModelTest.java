package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.hub.Repository;
import dev.lorikeet.hub.TestHub;
import dev.lorikeet.model.io.PublishedModel;
import dev.lorikeet.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files of a repository are taken, from a hub on this machine. */
class PublishedModelTest {

    private static final byte[] FILE = {1, 2, 3};

    @TempDir
    private Path home;

    private final TestHub hub = TestHub.start();

    @AfterEach
    void stop() {
        hub.close();
    }

    private Path fetch(String reference) {
        return PublishedModel.of(reference).fetch(hub.client(home));
    }

    @Test
    void aModelOfTheHubIsTheModelInItsFolder() throws IOException {
        Path folder = TinyModels.folder("tiny-gpt2");
        for (String name : new String[] {"config.json", "tokenizer.json"}) {
            hub.add("owner/tiny", name, Files.readAllBytes(folder.resolve(name)));
        }
        hub.add("owner/tiny", "model.safetensors", folder.resolve("model.safetensors"));
        hub.add("owner/tiny", "pytorch_model.bin", FILE).add("owner/tiny", "onnx/model.onnx", FILE);
        Path fetched = fetch("owner/tiny");
        assertFalse(Files.exists(fetched.resolve("pytorch_model.bin")), "nothing is downloaded that is not needed");
        int[] ids = {1, 2, 3};
        try (PretrainedModel published = Models.load(fetched.toString(), DType.FLOAT32);
                PretrainedModel local = TinyModels.load("tiny-gpt2")) {
            assertArrayEquals(References.lastLogits(local, ids), References.lastLogits(published, ids));
        }
    }

    @Test
    void theTokenizersFilesAreTakenInTheFormThatIsThere() {
        hub.add("owner/old", "config.json", FILE).add("owner/old", "model.safetensors", FILE);
        hub.add("owner/old", "vocab.json", FILE).add("owner/old", "merges.txt", FILE);
        hub.add("owner/old", "special_tokens_map.json", FILE);
        Path fetched = fetch("owner/old@main");
        for (String name : new String[] {"vocab.json", "merges.txt", "special_tokens_map.json"}) {
            assertTrue(Files.exists(fetched.resolve(name)), name);
        }
    }

    @Test
    void theOnlyGgufIsTakenAndAmongSeveralTheOneThatIsNamed() {
        hub.add("owner/one", "model-Q8_0.gguf", FILE).add("owner/one", "README.md", FILE);
        assertEquals("model-Q8_0.gguf", fetch("owner/one").getFileName().toString());

        hub.add("owner/two", "a-Q4_0.gguf", FILE).add("owner/two", "b-Q8_0.gguf", FILE);
        assertEquals("b-Q8_0.gguf", fetch("owner/two:b-Q8_0.gguf").getFileName().toString());
        String several = assertThrows(UnknownNameException.class, () -> fetch("owner/two"))
                .getMessage();
        assertTrue(several.contains("owner/two:a-Q4_0.gguf") && several.contains("b-Q8_0.gguf"), several);
        String missing = assertThrows(UnknownNameException.class, () -> fetch("owner/two:b-Q8.gguf"))
                .getMessage();
        assertTrue(missing.contains("Did you mean \"b-Q8_0.gguf\"?"), missing);
        assertThrows(BadArgumentException.class, () -> PublishedModel.of("owner/two:b.bin"));
    }

    @Test
    void allPartsOfASplitGgufAreTaken() {
        for (int part = 1; part <= 3; part++) {
            hub.add("owner/split", "q4/m-0000" + part + "-of-00003.gguf", FILE);
        }
        Path fetched = fetch("owner/split");
        assertEquals("m-00001-of-00003.gguf", fetched.getFileName().toString());
        assertTrue(Files.exists(fetched.resolveSibling("m-00002-of-00003.gguf")));
        assertTrue(Files.exists(fetched.resolveSibling("m-00003-of-00003.gguf")));

        hub.add("owner/splits", "a-00001-of-00002.gguf", FILE).add("owner/splits", "a-00002-of-00002.gguf", FILE);
        hub.add("owner/splits", "b-00001-of-00002.gguf", FILE).add("owner/splits", "whole.gguf", FILE);
        Path second = fetch("owner/splits:a-00002-of-00002.gguf");
        assertEquals("a-00002-of-00002.gguf", second.getFileName().toString());
        assertTrue(Files.exists(second.resolveSibling("a-00001-of-00002.gguf")));
        assertFalse(Files.exists(second.resolveSibling("whole.gguf")));
        String several = assertThrows(UnknownNameException.class, () -> fetch("owner/splits"))
                .getMessage();
        assertTrue(several.contains("owner/splits:a-00001-of-00002.gguf"), several);
        assertFalse(several.contains("a-00002"), several);
        String missing = assertThrows(UnknownNameException.class, () -> fetch("owner/splits:b-00001-of-00002.gguf"))
                .getMessage();
        assertTrue(missing.contains("b-00002-of-00002.gguf"), missing);
    }

    @Test
    void aRepositoryWithoutAModelThatCanBeReadSaysWhatThereIs() {
        hub.add("owner/bin", "config.json", FILE).add("owner/bin", "pytorch_model.bin", FILE);
        String message =
                assertThrows(LorikeetException.class, () -> fetch("owner/bin")).getMessage();
        assertTrue(message.contains("model.safetensors") && message.contains("pytorch_model.bin"), message);

        assertEquals(0, hub.downloads().size(), "nothing was downloaded");
    }

    @Test
    void weightsInSeveralFilesAreTakenByTheirIndex() throws IOException {
        Path folder = home.resolve("shards");
        try (PretrainedModel local = TinyModels.load("tiny-llama")) {
            List<Path> files = TinyModels.shards(local, folder, 2000);
            assertTrue(files.size() > 3, "several files and an index");
            for (Path file : files) {
                hub.add("owner/shards", file.getFileName().toString(), Files.readAllBytes(file));
            }
            for (String name : new String[] {"config.json", "tokenizer.json"}) {
                hub.add(
                        "owner/shards",
                        name,
                        Files.readAllBytes(TinyModels.folder("tiny-llama").resolve(name)));
            }
            hub.add("owner/shards", "pytorch_model-00001-of-00002.bin", FILE);
            Path fetched = fetch("owner/shards");
            assertFalse(Files.exists(fetched.resolve("pytorch_model-00001-of-00002.bin")));
            int[] ids = {1, 2, 3};
            try (PretrainedModel published = Models.load(fetched.toString(), DType.FLOAT32)) {
                assertArrayEquals(References.lastLogits(local, ids), References.lastLogits(published, ids));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner/name", "owner/name@refs/pr/1", "o-w.n/a_b@v1:c/d.gguf"})
    void referencesAreRecognised(String text) {
        assertTrue(PublishedModel.isReference(text));
        assertEquals(
                Repository.RepoType.MODEL, PublishedModel.of(text).repository().type());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "/tmp/model", "./model/x", "../model", "a/b/c", "C:\\models\\x", "owner/", "~/x"})
    void pathsAndNamesAreNot(String text) {
        assertFalse(PublishedModel.isReference(text));
    }
}
