package dev.lorikeet.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeHeapTest {

    private static final int TOTAL = 256 << 20;
    private static final double OTHERS = 0.1 * TOTAL;

    /** Small ones come from a heap, large ones are mapped each for itself. */
    @ParameterizedTest
    @ValueSource(ints = {1 << 14, 64 << 20})
    void countsWhatIsGivenOutUntilItIsFreed(int size) {
        long before = NativeHeap.inUse();
        assumeTrue(before > 0, "this C library does not tell");
        List<com.sun.jna.Memory> blocks = new ArrayList<>();
        for (int taken = 0; taken < TOTAL; taken += size) {
            blocks.add(new com.sun.jna.Memory(size));
        }
        assertEquals(TOTAL, NativeHeap.inUse() - before, OTHERS);
        blocks.forEach(com.sun.jna.Memory::close);
        assertEquals(0, NativeHeap.inUse() - before, OTHERS);
    }

    @Test
    void theRuntimeIsNeverNegative() {
        try (MemoryProbe probe = MemoryProbe.host()) {
            assertTrue(Memory.runtime(probe, Long.MAX_VALUE) >= 0);
        }
    }
}
