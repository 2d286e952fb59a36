package dev.lorikeet.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls into NVIDIA's library, against a stand-in in C that lays its data out as nvml.h does. */
class NvmlTest {

    private static final long GIB = 1L << 30;
    private static final int OURS = 4242;

    private static final String STAND_IN =
            """
            #include <stddef.h>
            #include <string.h>
            typedef struct { int number; } *device;
            typedef struct { unsigned long long total, free, used; } memory;
            typedef struct { unsigned pid; unsigned long long used; unsigned gpu, compute; } process;
            static struct { int number; } devices[] = {{0}, {1}};
            int nvmlInit_v2(void) { return 0; }
            int nvmlDeviceGetHandleByIndex_v2(unsigned i, device *d) {
                if (i > 1) return 2;
                *d = (device) &devices[i];
                return 0;
            }
            int nvmlDeviceGetHandleByUUID(const char *uuid, device *d) {
                if (strcmp(uuid, "GPU-second")) return 6;
                *d = (device) &devices[1];
                return 0;
            }
            int nvmlDeviceGetName(device d, char *name, unsigned length) {
                strncpy(name, d->number ? "Second" : "First", length);
                return 0;
            }
            int nvmlDeviceGetMemoryInfo(device d, memory *m) {
                m->total = 16ull << 30;
                m->used = (d->number ? 3ull : 5ull) << 30;
                m->free = m->total - m->used;
                return 0;
            }
            int nvmlDeviceGetComputeRunningProcesses_v3(device d, unsigned *count, process *list) {
                unsigned there = d->number ? 1 : 3;
                if (*count < there) { *count = there; return 7; }
                *count = there;
                if (d->number) {
                    list[0].pid = 4242; list[0].used = ~0ull;
                } else {
                    list[0].pid = 7; list[0].used = 1ull << 30;
                    list[1].pid = 4242; list[1].used = 2ull << 30;
                    list[2].pid = 8; list[2].used = 2ull << 30;
                }
                return 0;
            }
            """;

    @TempDir
    private static Path folder;

    private static String library;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        assumeTrue(Platform.isLinux(), "the stand-in is made for Linux");
        Path source = Files.writeString(folder.resolve("nvml.c"), STAND_IN);
        Path made = folder.resolve("libnvml-stand-in.so");
        try {
            Process compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", made.toString(), source.toString())
                    .inheritIO()
                    .start();
            assertTrue(compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0, "it does not compile");
        } catch (IOException e) {
            abort("there is no C compiler here");
        }
        library = made.toString();
    }

    private static Nvml device(int index, String visible) {
        return Nvml.of(library, index, visible).orElseThrow();
    }

    @Test
    void readsWhatADeviceAndAProcessHold() {
        Nvml first = device(0, null);
        assertEquals("First", first.name());
        assertEquals(5 * GIB, first.used().orElseThrow());
        assertEquals(11 * GIB, first.free().orElseThrow());
        assertEquals(2 * GIB, first.used(OURS).orElseThrow());
        assertEquals(OptionalLong.empty(), first.used(9), "a process that is not listed");
        assertEquals(OptionalLong.empty(), device(1, null).used(OURS), "memory that the driver does not tell");
    }

    @Test
    void cudaCountsTheVisibleDevicesOnly() {
        assertEquals("Second", device(0, "1,0").name());
        assertEquals("First", device(1, "1,0").name());
        assertEquals("Second", device(0, "GPU-second").name());
        assertEquals("First", device(0, "").name());
        assertEquals(Optional.empty(), Nvml.of(library, 2, null), "no such device");
        assertEquals(Optional.empty(), Nvml.of(library, 0, "GPU-third"));
        assertEquals(Optional.empty(), Nvml.of(folder.resolve("missing.so").toString(), 0, null), "no driver");
    }

    @Test
    void theProbeTellsWhetherItIsTheProcessOrTheDevice() {
        try (MemoryProbe process = GpuMemory.probe(Device.gpu(0), device(0, null), OURS);
                MemoryProbe all = GpuMemory.probe(Device.gpu(1), device(1, null), OURS)) {
            assertEquals(
                    "GPU 0 (First), memory held by the process",
                    process.measured().toString());
            assertEquals(2 * GIB, process.now());
            assertEquals(2 * GIB, process.peak());
            assertEquals(
                    "GPU 1 (Second), memory in use, of all processes",
                    all.measured().toString());
            assertEquals(3 * GIB, all.now());
        }
    }
}
