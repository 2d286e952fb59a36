package dev.lorikeet.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FastestDTypeTest {

    @ParameterizedTest
    @CsvSource({"avx512_bf16,BFLOAT16", "amx_bf16,BFLOAT16", "avx512f,FLOAT32"})
    void theInstructionsOfAProcessorDecide(String flag, DType expected) {
        FastestDType found = FastestDType.onCpu(new Processor("some", Set.of("sse2", flag)));
        assertEquals(expected, found.dtype());
        assertTrue(found.toString().contains("instructions for bfloat16"), found::toString);
    }

    @ParameterizedTest
    @CsvSource({"61,FLOAT32", "70,FLOAT16", "75,FLOAT16", "80,BFLOAT16", "90,BFLOAT16", "120,BFLOAT16"})
    void theGenerationOfAGpuDecides(int capability, DType expected) {
        assertEquals(expected, FastestDType.ofCapability(capability).dtype());
    }

    @Test
    void theStopwatchAgreesWithTheInstructionsOfThisProcessor() {
        Processor.THIS.hasBfloat16().ifPresent(has -> {
            if (!has) {
                assertEquals(DType.FLOAT32, DTypeTiming.fastest(Device.cpu()));
            }
        });
    }

    @Test
    void itIsFoundOnce() {
        assertSame(FastestDType.on(Device.cpu()), FastestDType.on(Device.cpu()));
    }

    @Test
    void itIsSaidInWords() {
        assertEquals(
                "float32 (this CPU has no instructions for bfloat16)",
                FastestDType.onCpu(new Processor("some", Set.of("sse2"))).toString());
    }
}
