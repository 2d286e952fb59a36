package dev.lorikeet.weights.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lorikeet.tensor.format.Half;
import org.junit.jupiter.api.Test;

class EncodersTest {

    @Test
    void everyHalfComesBackAndEveryMiddleGoesToTheEvenOne() {
        for (int half = 0; half < 0x7c00; half++) {
            int bits = Decoders.halfToFloatBits((short) half);
            int next = half == 0x7bff ? Float.floatToIntBits(65536) : Decoders.halfToFloatBits((short) (half + 1));
            float middle = (Float.intBitsToFloat(bits) + Float.intBitsToFloat(next)) / 2;
            assertEquals(half, half(Float.intBitsToFloat(bits)));
            assertEquals(half | 0x8000, half(-Float.intBitsToFloat(bits)));
            assertEquals(half + (half & 1), half(middle), "between halves " + half + " and the next");
            assertEquals(half, half(Math.nextDown(middle)));
            assertEquals(half + 1, half(Math.nextUp(middle)));
        }
    }

    @Test
    void whatIsNoNumberStaysNone() {
        assertEquals(0x7c00, half(Float.POSITIVE_INFINITY));
        assertEquals(0xfc00, half(-1e30f));
        for (int nan : new int[] {0x7fc00000, 0x7f800001, 0xffffffff}) {
            int half = Half.fromFloatBits(nan);
            assertEquals(0x7e00, half & 0x7e00, "a quiet NaN");
            byte[] brain = new byte[2];
            Encoders.bf16(new int[] {nan}, 1, brain);
            assertEquals(0xc0, brain[0] & 0xc0);
            assertEquals(0x7f, brain[1] & 0x7f);
        }
    }

    private static int half(float value) {
        return Half.fromFloatBits(Float.floatToRawIntBits(value));
    }
}
