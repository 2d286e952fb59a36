package dev.lorikeet.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

/** Values that no model's numbers decide: what is masked or left out does not reach them. */
class OpsTest {

    private static final float NO = Float.NEGATIVE_INFINITY;

    @Test
    void theMaskHidesPaddingAndWhatComesLaterButNoQueryFromItself() {
        try (NDManager scope = Torch.manager()) {
            NDArray keep = scope.create(new boolean[] {false, true, true}, new Shape(1, 3));
            float[] whole = {0, NO, NO, NO, 0, NO, NO, 0, 0};
            assertArrayEquals(whole, Ops.causalMask(keep, 3).toFloatArray());
            NDArray last = Ops.causalMask(keep, 1);
            assertEquals(new Shape(1, 1, 1, 3), last.getShape());
            assertArrayEquals(new float[] {NO, 0, 0}, last.toFloatArray());
        }
    }

    @Test
    void theLossIsASumWithoutTheLabelsThatAreLeftOut() {
        try (NDManager scope = Torch.manager()) {
            NDArray logits = scope.create(new float[] {1, 2, 9, -9, 0, 0}, new Shape(3, 2));
            NDArray labels = scope.create(new long[] {0, -100, 1});
            double expected = (Math.log(1 + Math.E) + Math.log(2)) / 4;
            assertEquals(expected, Ops.crossEntropy(logits, labels, 4, false).getFloat(), 1e-6);
        }
    }
}
