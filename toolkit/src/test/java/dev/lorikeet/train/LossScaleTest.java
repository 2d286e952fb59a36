package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LossScaleTest {

    @Test
    void itHalvesAtAnOverflowAndDoublesAfterAWhileWithout() {
        LossScale scale = LossScale.dynamic();
        assertTrue(scale.isUsed());
        assertEquals(65_536, scale.value());
        scale.saw(false);
        scale.saw(false);
        assertEquals(16_384, scale.value());
        for (int i = 0; i < 1999; i++) {
            scale.saw(true);
        }
        assertEquals(16_384, scale.value());
        scale.saw(true);
        assertEquals(32_768, scale.value());
        for (int i = 0; i < 1999; i++) {
            scale.saw(true);
        }
        scale.saw(false);
        scale.saw(true);
        assertEquals(16_384, scale.value(), "an overflow starts the count anew");
    }

    @Test
    void itNeverFallsBelowOne() {
        LossScale scale = LossScale.dynamic();
        for (int i = 0; i < 40; i++) {
            scale.saw(false);
        }
        assertEquals(1, scale.value());
    }

    @Test
    void withoutItNothingIsScaled() {
        LossScale none = LossScale.none();
        none.saw(false);
        assertEquals(1, none.value());
        assertFalse(none.isUsed());
    }
}
