package dev.lorikeet.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import org.junit.jupiter.api.Test;

/** Masks, losses, casts and matrices of which the right values are known. */
class OpsTest {

    private static final float NO = Float.NEGATIVE_INFINITY;

    @Test
    void theMaskHidesPaddingAndWhatComesLaterButNoQueryFromItself() {
        try (NDManager scope = Torch.manager()) {
            NDArray keep = scope.create(new boolean[] {false, true, true}, new Shape(1, 3));
            float[] whole = {0, NO, NO, NO, 0, NO, NO, 0, 0};
            assertArrayEquals(whole, Ops.causalMask(keep, 3, 3).toFloatArray());
            NDArray last = Ops.causalMask(keep, 1, 3);
            assertEquals(new Shape(1, 1, 1, 3), last.getShape());
            assertArrayEquals(new float[] {NO, 0, 0}, last.toFloatArray());
        }
    }

    @Test
    void aWindowHidesWhatIsLongAgo() {
        try (NDManager scope = Torch.manager()) {
            NDArray keep = scope.create(new boolean[] {false, true, true, true}, new Shape(1, 4));
            float[] last = {NO, 0, 0, NO, NO, NO, 0, 0};
            assertArrayEquals(last, Ops.causalMask(keep, 2, 2).toFloatArray());
            NDArray segments = scope.create(new long[] {0, 1, 1, 1}, new Shape(1, 4));
            float[] packed = {0, NO, NO, NO, NO, 0, NO, NO, NO, 0, 0, NO, NO, NO, 0, 0};
            assertArrayEquals(packed, Ops.segmentMask(segments, 2).toFloatArray());
        }
    }

    @Test
    void aPackedTextSeesNothingOfItsNeighbourAndCountsFromZero() {
        try (NDManager scope = Torch.manager()) {
            NDArray segments = scope.create(new long[] {0, 0, 1, 1}, new Shape(1, 4));
            float[] expected = {0, NO, NO, NO, 0, 0, NO, NO, NO, NO, 0, NO, NO, NO, 0, 0};
            assertArrayEquals(expected, Ops.segmentMask(segments, 4).toFloatArray());
            assertArrayEquals(
                    new long[] {0, 1, 0, 1}, Ops.segmentPositions(segments).toLongArray());
        }
    }

    @Test
    void theLossIsASumOverTheRowsAndLeavesItsGradientInTheLogits() {
        try (NDManager scope = Torch.manager()) {
            NDArray logits = scope.create(new float[] {1, 2, 9, -9, 0, 0.5f}, new Shape(3, 2));
            NDArray labels = scope.create(new long[] {0, 0, 1});
            double wrong = Math.log(1 + Math.E);
            double sure = Math.log(1 + Math.exp(-18));
            double right = Math.log(1 + Math.exp(-0.5));

            Ops.LossSums found = Ops.crossEntropy(logits, labels, scope.create(new float[0]), 0.5);

            assertEquals(wrong + sure + right, found.loss(), 1e-6);
            assertEquals(2, found.correct());
            float first = (float) (0.5 * (1 / (1 + Math.E) - 1));
            float third = (float) (0.5 / (1 + Math.exp(0.5)));
            assertArrayEquals(new float[] {first, -first, 0, 0, third, -third}, logits.toFloatArray(), 1e-6f);
        }
    }

    @Test
    void eachRowOfTheLossCountsByItsWeight() {
        try (NDManager scope = Torch.manager()) {
            NDArray logits = scope.create(new float[] {1, 2, 0, 0.5f}, new Shape(2, 2));
            NDArray labels = scope.create(new long[] {0, 1});
            double wrong = Math.log(1 + Math.E);
            double right = Math.log(1 + Math.exp(-0.5));

            Ops.LossSums found = Ops.crossEntropy(logits, labels, scope.create(new float[] {3, 0.5f}), 0.5);

            assertEquals(3 * wrong + 0.5 * right, found.loss(), 1e-6);
            assertEquals(1, found.correct());
            float first = (float) (1.5 * (1 / (1 + Math.E) - 1));
            float second = (float) (0.25 / (1 + Math.exp(0.5)));
            assertArrayEquals(new float[] {first, -first, second, -second}, logits.toFloatArray(), 1e-6f);
        }
    }

    @Test
    void aPrecisionIsFoundInTheArrayAndCastsBack() {
        try (NDManager scope = Torch.manager()) {
            NDArray array = scope.create(new float[] {1, 2.5f, -3});
            for (DType dtype : DType.values()) {
                NDArray cast = dtype.cast(array);
                assertEquals(dtype, DType.of(cast));
                assertArrayEquals(
                        new float[] {1, 2.5f, -3}, DType.FLOAT32.cast(cast).toFloatArray());
            }
        }
    }

    @Test
    void aCastToTheSameTypeSurvivesTheArrayItCameFrom() {
        try (NDManager scope = Torch.manager()) {
            NDArray array = scope.create(new float[] {1, 2});
            NDArray cast = DType.FLOAT32.cast(array);
            array.muli(2);
            assertArrayEquals(new float[] {1, 2}, cast.toFloatArray());
        }
    }

    @Test
    void theNearestMatrixOfARankKeepsTheLargestSingularValues() {
        try (NDManager scope = Torch.manager()) {
            NDArray dependent = scope.create(new float[] {1, 2, 3, 2, 4, 7, 2, 4, 5}, new Shape(3, 3));
            double[] values = Ops.singularValues(dependent).toDoubleArray();
            // The squares add up to those of the elements, their products in pairs to those of the 2 × 2 minors.
            double squares = values[0] * values[0] + values[1] * values[1];
            assertEquals(128, squares, 1e-6);
            assertEquals(90, Math.pow(values[0] * values[1], 2), 1e-4);
            assertEquals(0, values[2], 1e-6);
            assertArrayEquals(
                    dependent.toFloatArray(), Ops.lowRank(dependent, 2).toFloatArray(), 1e-5f);

            NDArray tall = scope.create(new float[] {3, 0, 0, 2, 0, 0}, new Shape(3, 2));
            assertArrayEquals(
                    new float[] {3, 0, 0, 0, 0, 0}, Ops.lowRank(tall, 1).toFloatArray(), 1e-6f);
            assertThrows(BadArgumentException.class, () -> Ops.lowRank(tall, 3));
        }
    }
}
