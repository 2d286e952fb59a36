package dev.lorikeet.data;

/**
 * A tokenised text with what is to be learnt of it.
 *
 * @param ids token ids, at least one
 */
public record Example(int[] ids, RowTarget target) {

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
}
