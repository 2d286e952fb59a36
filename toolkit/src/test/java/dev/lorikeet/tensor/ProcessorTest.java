package dev.lorikeet.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessorTest {

    @Test
    void anX86ProcessorHasANameAndFlags() {
        Processor read = Processor.parse(
                """
                processor\t: 0
                model name\t: AMD EPYC 9R14
                flags\t\t: fpu sse2 avx512f avx512_bf16 sse2

                processor\t: 1
                model name\t: another
                """);
        assertEquals(new Processor("AMD EPYC 9R14", Set.of("fpu", "sse2", "avx512f", "avx512_bf16")), read);
        assertEquals(Optional.of(true), read.hasBfloat16());
    }

    @Test
    void anArmProcessorHasNumbersAndDoesNotTell() {
        Processor read = Processor.parse(
                """
                processor\t: 0
                Features\t: fp asimd bf16
                CPU implementer\t: 0x41
                CPU variant\t: 0x1
                CPU part\t: 0xd40
                """);
        assertEquals("0x41 0xd40 0x1", read.name());
        assertEquals(Optional.empty(), read.hasBfloat16());
    }

    @Test
    void aFileThatSaysNothingIsNoError() {
        assertEquals(new Processor("", Set.of()), Processor.parse("\n\nnothing here"));
    }
}
