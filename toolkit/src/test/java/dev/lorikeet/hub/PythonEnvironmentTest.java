package dev.lorikeet.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

    /** As binder/lab does. */
    private Path setUp(String environment, String libraries) throws IOException {
        Files.createDirectories(folder.resolve(environment).resolve(".lorikeet"));
        return install(environment, libraries);
    }

    @Test
    void findsAFileInTheNearestVenvAboveThatTheSetUpMade() throws IOException {
        assertEquals(Optional.empty(), find(Map.of(), "a/b"));
        Path outer = setUp(".venv", "lib/python3.11");
        assertEquals(Optional.of(outer), find(Map.of(), "a/b"));
        Path inner = setUp("a/.venv", "lib/python3.12");
        assertEquals(Optional.of(inner), find(Map.of(), "a/b"));
    }

    @Test
    void aStrangersVenvAboveIsPassedOverButNotTheWorkingFoldersOwn() throws IOException {
        install(".venv", "lib/python3.11");
        assertEquals(Optional.empty(), find(Map.of(), "a/b"));
        Path own = install("a/.venv", "lib/python3.12");
        assertEquals(Optional.of(own), find(Map.of(), "a"));
    }

    @Test
    void anEnvironmentThatMayNotBeReadIsPassedOver() throws IOException {
        Path outer = setUp(".venv", "lib/python3.11");
        Path secret = Files.createDirectories(folder.resolve("a/.venv/lib"));
        assumeTrue(secret.toFile().setReadable(false) && !Files.isReadable(secret));
        assertEquals(Optional.of(outer), find(Map.of(), "a"));
    }

    @Test
    void theActiveEnvironmentComesFirst() throws IOException {
        setUp(".venv", "lib/python3.11");
        Path conda = install("conda", "lib/python3.10");
        Path active = install("active", "Lib");
        String condaRoot = folder.resolve("conda").toString();
        String activeRoot = folder.resolve("active").toString();
        assertEquals(Optional.of(conda), find(Map.of("CONDA_PREFIX", condaRoot), "a"));
        assertEquals(Optional.of(active), find(Map.of("CONDA_PREFIX", condaRoot, "VIRTUAL_ENV", activeRoot), "a"));
    }

    @Test
    void anActiveEnvironmentWithoutThePackageIsPassedOver() throws IOException {
        Path outer = setUp(".venv", "lib/python3.11");
        Files.createDirectories(folder.resolve("empty").resolve("lib"));
        String empty = folder.resolve("empty").toString();
        assertEquals(Optional.of(outer), find(Map.of("VIRTUAL_ENV", empty), "a"));
        assertEquals(
                Optional.of(outer),
                find(Map.of("VIRTUAL_ENV", folder.resolve("gone").toString()), "a"));
    }
}
