package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.model.config.DivisorScaling;
import dev.lorikeet.model.config.LinearScaling;
import dev.lorikeet.model.config.Llama3Scaling;
import dev.lorikeet.model.config.Rope;
import java.util.List;
import org.junit.jupiter.api.Test;

class RopeTest {

    @Test
    void frequenciesFallFromOneByTheBase() {
        assertArrayEquals(
                new float[] {1, 0.1f, 0.01f, 0.001f}, Rope.of(10_000, 8).frequencies(1), 1e-7f);
    }

    @Test
    void scalingLowersThem() {
        float[] linear = new Rope(10_000, 8, new LinearScaling(4)).frequencies(1);
        assertArrayEquals(new float[] {0.25f, 0.025f, 0.0025f, 0.00025f}, linear, 1e-7f);
        float[] divided = new Rope(10_000, 8, new DivisorScaling(List.of(1f, 1f, 2f, 8f), 1)).frequencies(1);
        assertArrayEquals(new float[] {1, 0.1f, 0.005f, 0.000125f}, divided, 1e-7f);
    }

    @Test
    void llama3KeepsHighOnesDividesLowOnesAndMixesThoseBetween() {
        // The waves are 6.3, 62.8, 628 and 6283 tokens long; between 100 / 4 and 100 is the second alone.
        float[] scaled = new Rope(10_000, 8, new Llama3Scaling(8, 1, 4, 100)).frequencies(1);
        double high = (100 / (20 * Math.PI) - 1) / 3;
        double mixed = (1 - high) * 0.1 / 8 + high * 0.1;
        assertArrayEquals(new float[] {1, (float) mixed, 0.01f / 8, 0.001f / 8}, scaled, 1e-7f);
    }

    @Test
    void factorsThatMeanNothingAreRefused() {
        assertThrows(BadArgumentException.class, () -> new LinearScaling(0));
        assertThrows(BadArgumentException.class, () -> new Llama3Scaling(0, 1, 4, 100));
        assertEquals(
                "high_freq_factor is 1.0; expected more than low_freq_factor, 1.0",
                assertThrows(BadArgumentException.class, () -> new Llama3Scaling(8, 1, 1, 100))
                        .getMessage());
    }
}
