package dev.lorikeet.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FastestDTypeTest {

    /** What the processor says of itself; the measurement must find it out without asking. */
    private static boolean processorHas(String flag) throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        assumeTrue(Files.exists(info), "the processor's flags are known on Linux only");
        return Files.readString(info).contains(" " + flag);
    }

    @Test
    void aProcessorWithBfloat16InstructionsMultipliesInIt() throws IOException {
        FastestDType found = FastestDType.on(Device.cpu());
        boolean has = processorHas("avx512_bf16") || processorHas("amx_bf16");
        assertEquals(has ? DType.BFLOAT16 : DType.FLOAT32, found.dtype(), found.toString());
        assertTrue(has ? found.ratio() > 1.3 : found.ratio() == 1, found.toString());
    }

    @Test
    void itIsMeasuredOnce() {
        assertSame(FastestDType.on(Device.cpu()), FastestDType.on(Device.cpu()));
    }

    @Test
    void itIsSaidInWords() {
        assertEquals(
                "bfloat16 (2.4× faster than float32 on this CPU)",
                new FastestDType(DType.BFLOAT16, 2.41, Device.cpu()).toString());
        assertEquals(
                "float32 (no other dtype is clearly faster on this GPU)",
                new FastestDType(DType.FLOAT32, 1, Device.gpu()).toString());
    }
}
