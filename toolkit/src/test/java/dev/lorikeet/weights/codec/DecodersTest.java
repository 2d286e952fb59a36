package dev.lorikeet.weights.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DecodersTest {

    /** The definition of binary16, for all of its values: sign, 5 bits of exponent biased by 15, 10 of fraction. */
    @Test
    void everyHalfIsTheNumberThatTheStandardSays() {
        for (int half = 0; half < 1 << 16; half++) {
            int exponent = half >> 10 & 31;
            double fraction = (half & 1023) / 1024.0;
            double magnitude = exponent == 0
                    ? Math.scalb(fraction, -14)
                    : exponent < 31
                            ? Math.scalb(1 + fraction, exponent - 15)
                            : fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            float expected = (float) (half < 1 << 15 ? magnitude : -magnitude);

            float actual = Float.intBitsToFloat(Decoders.halfToFloatBits((short) half));

            assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(actual), "half " + half);
        }
    }
}
