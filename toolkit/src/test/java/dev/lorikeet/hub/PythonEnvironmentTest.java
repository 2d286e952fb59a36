package dev.lorikeet.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonEnvironmentTest {

    @TempDir
    private Path folder;

    private Path install(String environment, String libraries) throws IOException {
        Path site = folder.resolve(environment)
                .resolve(libraries)
                .resolve("site-packages")
                .resolve("some_model");
        Files.createDirectories(site);
        Files.writeString(site.resolve("__init__.py"), "");
        return Files.writeString(site.resolve("weights.gguf"), "");
    }

    private Optional<Path> find(Map<String, String> environment, String workingFolder) {
        return PythonEnvironment.of(environment, folder.resolve(workingFolder)).find("some_model", ".gguf");
    }

    @Test
    void findsAFileInTheNearestVenvAbove() throws IOException {
        assertEquals(Optional.empty(), find(Map.of(), "a/b"));
        Path outer = install(".venv", "lib/python3.11");
        assertEquals(Optional.of(outer), find(Map.of(), "a/b"));
        Path inner = install("a/.venv", "lib/python3.12");
        assertEquals(Optional.of(inner), find(Map.of(), "a/b"));
    }

    @Test
    void theActiveEnvironmentComesFirst() throws IOException {
        install(".venv", "lib/python3.11");
        Path conda = install("conda", "lib/python3.10");
        Path active = install("active", "Lib");
        String condaRoot = folder.resolve("conda").toString();
        String activeRoot = folder.resolve("active").toString();
        assertEquals(Optional.of(conda), find(Map.of("CONDA_PREFIX", condaRoot), "a"));
        assertEquals(Optional.of(active), find(Map.of("CONDA_PREFIX", condaRoot, "VIRTUAL_ENV", activeRoot), "a"));
    }

    @Test
    void anActiveEnvironmentWithoutThePackageIsPassedOver() throws IOException {
        Path outer = install(".venv", "lib/python3.11");
        Files.createDirectories(folder.resolve("empty").resolve("lib"));
        String empty = folder.resolve("empty").toString();
        assertEquals(Optional.of(outer), find(Map.of("VIRTUAL_ENV", empty), "a"));
        assertEquals(
                Optional.of(outer),
                find(Map.of("VIRTUAL_ENV", folder.resolve("gone").toString()), "a"));
    }
}
