package dev.lorikeet.data;

import java.io.Serializable;

/**
 * A tokenised text, or two in a row, with what is to be learnt of it.
 *
 * @param ids token ids, at least one
 * @param segmentIds [tokens] index of the text within the row that each token belongs to; null of a row that is one text
 */
public record Example(int[] ids, int[] segmentIds, RowTarget target) implements Serializable {

    /** A row that is one text. */
    public Example(int[] ids, RowTarget target) {
        this(ids, null, target);
    }

    /** A text with one label, its index in the list of labels. */
    public Example(int[] ids, int label) {
        this(ids, new RowTarget.OneLabel(label));
    }

    /** The number of tokens. */
    public int length() {
        return ids.length;
    }

    /** The class of a text that has one label. */
    public int label() {
        return ((RowTarget.OneLabel) target).index();
    }

    /** Whether each label holds, of a text that may have several. */
    public boolean[] flags() {
        return ((RowTarget.SeveralLabels) target).holding();
    }

    /** The same tokens with another target. */
    public Example with(RowTarget other) {
        return new Example(ids, segmentIds, other);
    }
}
