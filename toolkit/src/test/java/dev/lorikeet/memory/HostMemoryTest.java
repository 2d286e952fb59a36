package dev.lorikeet.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {

    /** 256 MiB of float32, which goes back to the system when it is closed. */
    private static final Shape BIG = new Shape(64, 1 << 20);

    @Test
    void peakSeesAPassingTensorAndResetForgetsIt() {
        assumeTrue(HostMemory.resetPeak(), "the peak can be reset on Linux only");
        try (NDManager manager = Torch.manager()) {
            double before = HostMemory.nowGiB().orElseThrow();
            HostMemory.resetPeak();
            manager.ones(BIG).close();
            double peak = HostMemory.peakGiB().orElseThrow();
            assertTrue(peak > before + 0.2, "peak %.3f, before %.3f".formatted(peak, before));

            HostMemory.resetPeak();
            double reset = HostMemory.peakGiB().orElseThrow();
            assertTrue(reset < peak - 0.2, "peak %.3f, after a reset %.3f".formatted(peak, reset));
            assertTrue(HostMemory.peakGiB().orElseThrow() >= HostMemory.nowGiB().orElseThrow() - 0.001);
        }
    }

    @Test
    void countsInGiB(@TempDir Path folder) throws IOException {
        Path status =
                Files.writeString(folder.resolve("status"), "Name:\tjava\nVmHWM:\t 3145728 kB\nVmRSS:\t 1048576 kB\n");
        assertEquals(3, HostMemory.field(status, "VmHWM:").orElseThrow());
        assertEquals(1, HostMemory.field(status, "VmRSS:").orElseThrow());
    }

    @Test
    void nothingIsKnownOnOtherSystems(@TempDir Path folder) throws IOException {
        assertEquals(OptionalDouble.empty(), HostMemory.field(folder.resolve("status"), "VmHWM:"));
        Path other = Files.writeString(folder.resolve("other"), "Name:\tjava\n");
        assertEquals(OptionalDouble.empty(), HostMemory.field(other, "VmHWM:"));
    }
}
