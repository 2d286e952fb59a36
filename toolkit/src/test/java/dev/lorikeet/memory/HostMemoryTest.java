package dev.lorikeet.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {

    private static final long GIB = 1L << 30;

    @TempDir
    private Path folder;

    @Test
    void countsInBytes() throws IOException {
        Path status =
                Files.writeString(folder.resolve("status"), "Name:\tjava\nVmHWM:\t 3145728 kB\nVmRSS:\t 1048576 kB\n");
        assertEquals(3 * GIB, HostMemory.field(status, "VmHWM:").orElseThrow());
        assertEquals(GIB, HostMemory.field(status, "VmRSS:").orElseThrow());
    }

    @Test
    void whatLinuxDoesNotTellIsNotKnown() throws IOException {
        assertEquals(OptionalLong.empty(), HostMemory.field(folder.resolve("status"), "VmHWM:"));
        Path other = Files.writeString(folder.resolve("other"), "Name:\tjava\n");
        assertEquals(OptionalLong.empty(), HostMemory.field(other, "VmHWM:"));
    }

    @Test
    void somethingIsResidentAndSomethingAvailable() {
        assertTrue(HostMemory.resident() > 20L << 20);
        assertTrue(HostMemory.available() > 100L << 20);
    }

    @Test
    void bothWaysOfAskingAgree() {
        double here = HostMemory.resident();
        assertEquals(here, HostMemory.residentElsewhere(), 0.1 * here);
    }

    private Path group(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    @Test
    void aContainersLimitCountsAndItsDroppableFilesAreFree() throws IOException {
        group("memory.max", 2 * GIB + "\n");
        group("memory.current", GIB + "\n");
        group("memory.stat", "anon 5\ninactive_file " + GIB / 4 + "\nactive_file 7\n");
        assertEquals(GIB + GIB / 4, ControlGroup.available(folder).orElseThrow());
        group("memory.max", "max\n");
        assertEquals(OptionalLong.empty(), ControlGroup.available(folder));
    }

    @Test
    void theOlderKindOfControlGroupIsReadToo() throws IOException {
        assertEquals(OptionalLong.empty(), ControlGroup.available(folder));
        group("memory/memory.limit_in_bytes", 4 * GIB + "\n");
        group("memory/memory.usage_in_bytes", 3 * GIB + "\n");
        group("memory/memory.stat", "inactive_file 1\ntotal_inactive_file " + GIB + "\n");
        assertEquals(2 * GIB, ControlGroup.available(folder).orElseThrow());
    }
}
