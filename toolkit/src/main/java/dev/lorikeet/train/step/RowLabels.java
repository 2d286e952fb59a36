package dev.lorikeet.train.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.train.loss.Loss;
import java.io.Serializable;
import java.util.Arrays;

/** What rows of logits should say. */
public sealed interface RowLabels extends Serializable {

    /** The number of rows. */
    int size();

    /** The labels of some rows, as a {@link Loss} gets them. */
    NDArray array(NDManager manager, int from, int to);

    /** The loss that evaluations report. */
    Loss reported();

    /** The number of rows that are right; NaN where nothing is right or wrong. */
    double correct(NDArray logits, NDArray labels);

    /**
     * One class of each row.
     *
     * @param ids classes, or tokens
     */
    record Classes(long... ids) implements RowLabels {

        @Override
        public int size() {
            return ids.length;
        }

        @Override
        public NDArray array(NDManager manager, int from, int to) {
            return manager.create(Arrays.copyOfRange(ids, from, to));
        }

        @Override
        public Loss reported() {
            return Loss.crossEntropy();
        }

        @Override
        public double correct(NDArray logits, NDArray labels) {
            return logits.argMax(1).eq(labels).sum().getLong();
        }
    }

    /**
     * Any number of classes of each row.
     *
     * @param holding [rows][classes]
     */
    record ClassSets(boolean[]... holding) implements RowLabels {

        @Override
        public int size() {
            return holding.length;
        }

        @Override
        public NDArray array(NDManager manager, int from, int to) {
            int classes = holding[0].length;
            float[] ones = new float[(to - from) * classes];
            for (int i = 0; i < ones.length; i++) {
                ones[i] = holding[from + i / classes][i % classes] ? 1 : 0;
            }
            return manager.create(ones, new Shape(to - from, classes)).duplicate();
        }

        @Override
        public Loss reported() {
            return Loss.binaryCrossEntropy();
        }

        /** A row is right if all classes that hold have a logit above 0 and no other has. */
        @Override
        public double correct(NDArray logits, NDArray labels) {
            NDArray right = logits.gt(0).eq(labels.gt(0)).toType(DataType.INT64, false);
            return right.prod(new int[] {1}).sum().getLong();
        }
    }

    /** A number for each row. */
    record Numbers(float... values) implements RowLabels {

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public NDArray array(NDManager manager, int from, int to) {
            return manager.create(Arrays.copyOfRange(values, from, to), new Shape(to - from, 1))
                    .duplicate();
        }

        @Override
        public Loss reported() {
            return Loss.meanSquaredError();
        }

        @Override
        public double correct(NDArray logits, NDArray labels) {
            return Double.NaN;
        }
    }
}
