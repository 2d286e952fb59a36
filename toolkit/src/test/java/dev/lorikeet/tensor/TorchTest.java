package dev.lorikeet.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchTest {

    @Test
    void eachManagerIsOneOfItsOwnOnTheCpu() {
        try (NDManager first = Torch.manager();
                NDManager second = Torch.manager()) {
            assertEquals(Device.cpu(), first.getDevice());
            first.close();
            assertFalse(first.isOpen());
            assertTrue(second.isOpen());
        }
    }

    /** Runs in a process of its own, without natives, offline and with an empty cache. */
    public static void main(String[] arguments) {
        try (NDManager manager = Torch.manager()) {
            System.out.println("started " + manager);
        } catch (RuntimeException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    @Test
    void missingNativesAreExplained(@TempDir Path cache) throws IOException, InterruptedException {
        String classpath = Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(entry -> !entry.contains("pytorch-native"))
                .collect(Collectors.joining(java.io.File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dai.djl.offline=true",
                        "-DDJL_CACHE_DIR=" + cache,
                        "-DENGINE_CACHE_DIR=" + cache,
                        "-cp",
                        classpath,
                        TorchTest.class.getName())
                .redirectErrorStream(true)
                .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the process did not end");
        assertTrue(output.contains("LorikeetException: The PyTorch engine could not be started"), output);
        assertTrue(output.contains("ai.djl.pytorch:pytorch-native-cpu"), output);
        assertTrue(output.contains("go online"), output);
    }
}
