package dev.lorikeet.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineFactsTest {

    @TempDir
    Path folder;

    private MachineFacts on(String machine) {
        return new MachineFacts(folder.resolve("sub/machine.properties"), machine);
    }

    @Test
    void whatWasMeasuredOnceIsKeptForItsMachine() {
        assertEquals("left", on("AMD: 1 = x").get("faster way", () -> "left"));
        assertEquals("right", on("Intel").get("faster way", () -> "right"));
        assertEquals("left", on("AMD: 1 = x").get("faster way", () -> fail("measured again")));
        assertEquals("right", on("Intel").get("faster way", () -> fail("measured again")));
    }

    @Test
    void aDamagedFileIsWrittenAnew() throws IOException {
        Path file = Files.createDirectories(folder.resolve("sub")).resolve("machine.properties");
        Files.writeString(file, "broken \\u00zz");
        assertEquals("left", on("AMD").get("faster way", () -> "left"));
        assertEquals("left", on("AMD").get("faster way", () -> fail("measured again")));
    }

    @Test
    void aFileThatCannotBeWrittenIsNoError() throws IOException {
        Files.writeString(folder.resolve("sub"), "a file in the folder's place");
        assertEquals("left", on("AMD").get("faster way", () -> "left"));
    }
}
