package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.jna.Platform;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts that were measured each for itself add up to the peak, and the estimate comes near it; in fresh processes. */
class MemoryBreakdownTest {

    private static final double SUM = 0.15;
    private static final double ESTIMATE = 0.25;

    @ParameterizedTest
    @CsvSource({
        "gpt2, lora, float32, false",
        "gpt2, lora, float32, true",
        "gpt2, lora, bfloat16, false",
        "gpt2, full, float32, false",
        "gpt2, last, float32, false",
        "llama, lora, float32, false"
    })
    void thePartsAddUp(String architecture, String mode, String precision, String recompute)
            throws IOException, InterruptedException {
        assumeTrue(Platform.isLinux(), "the runtime's part is told apart on Linux only");
        JsonObject found = run(architecture, mode, precision, recompute);
        double peak = found.get("peak").getAsDouble();
        assertTrue(peak > 0.3, found.toString());
        assertEquals(peak, found.get("sum").getAsDouble(), SUM * peak, "sum of the parts");
        assertEquals(peak, found.get("estimate").getAsDouble(), ESTIMATE * peak, "estimate");
    }

    private static JsonObject run(String... args) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryRuns.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String last = "";
        StringBuilder all = new StringBuilder();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line;
                all.append(line).append('\n');
            }
        }
        assertEquals(0, process.waitFor(), all.toString());
        System.out.println(String.join(" ", args) + "\n" + all);
        return JsonParser.parseString(last).getAsJsonObject();
    }
}
