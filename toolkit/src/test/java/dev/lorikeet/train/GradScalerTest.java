package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.train.step.GradScaler;
import org.junit.jupiter.api.Test;

class GradScalerTest {

    @Test
    void itHalvesAtAnOverflowAndDoublesAfterAWhileWithout() {
        GradScaler scale = GradScaler.dynamic();
        assertTrue(scale.isEnabled());
        assertEquals(65_536, scale.value());
        scale.update(false);
        scale.update(false);
        assertEquals(16_384, scale.value());
        for (int i = 0; i < 1999; i++) {
            scale.update(true);
        }
        assertEquals(16_384, scale.value());
        scale.update(true);
        assertEquals(32_768, scale.value());
        for (int i = 0; i < 1999; i++) {
            scale.update(true);
        }
        scale.update(false);
        scale.update(true);
        assertEquals(16_384, scale.value(), "an overflow starts the count anew");
    }

    @Test
    void itNeverFallsBelowOne() {
        GradScaler scale = GradScaler.dynamic();
        for (int i = 0; i < 40; i++) {
            scale.update(false);
        }
        assertEquals(1, scale.value());
    }

    @Test
    void withoutItNothingIsScaled() {
        GradScaler none = GradScaler.none();
        none.update(false);
        assertEquals(1, none.value());
        assertFalse(none.isEnabled());
    }
}
