package dev.lorikeet.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class MachineTest {

    @Test
    void theFastestInstructionSetIsNamed() {
        assertEquals(
                "AMD EPYC 9R14, 2 cores, AVX-512 with bfloat16",
                Machine.describe(new Processor("AMD EPYC 9R14", Set.of("sse2", "avx2", "avx512f", "avx512_bf16")), 2));
        assertEquals("Some CPU, 1 core, AVX2", Machine.describe(new Processor("Some CPU", Set.of("avx2", "fma")), 1));
        String unknown = Machine.describe(new Processor("", Set.of()), 8);
        assertEquals(System.getProperty("os.arch") + ", 8 cores", unknown);
    }

    @Test
    void theEngineIsNamedWithItsVersion() {
        Machine machine = Machine.current();
        assertTrue(machine.engine().matches("PyTorch \\d+\\.\\d+\\.\\d+"), machine.engine());
        assertTrue(machine.processor().contains("core"), machine.processor());
    }
}
