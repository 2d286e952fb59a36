package dev.lorikeet.data;

import java.io.Serializable;
import java.util.Arrays;

/** What is to be learnt of a row of tokens. */
public sealed interface RowTarget extends Serializable {

    /** The label of tokens that have none: PyTorch's ignore_index. */
    int IGNORED = -100;

    /** The number of things to be learnt. */
    default int count() {
        return 1;
    }

    /**
     * One class of the whole row.
     *
     * @param index in the list of labels
     */
    record OneLabel(int index) implements RowTarget {}

    /**
     * Any number of classes of the whole row.
     *
     * @param holding [labels] whether each holds
     */
    record SeveralLabels(boolean... holding) implements RowTarget {}

    /** A number for the whole row. */
    record Number(float value) implements RowTarget {}

    /**
     * A class of each token.
     *
     * @param labels [tokens] indices in the list of labels; {@value #IGNORED} where a token has none
     */
    record Tags(int... labels) implements RowTarget {

        @Override
        public int count() {
            return (int) Arrays.stream(labels).filter(label -> label != IGNORED).count();
        }
    }

    /**
     * The tokens themselves, each from those before it.
     *
     * @param mask [tokens] true where a token is to be predicted; false at the first one of a text
     */
    record NextTokens(boolean... mask) implements RowTarget {

        @Override
        public int count() {
            int count = 0;
            for (int i = 1; i < mask.length; i++) {
                count += mask[i] ? 1 : 0;
            }
            return count;
        }
    }
}
