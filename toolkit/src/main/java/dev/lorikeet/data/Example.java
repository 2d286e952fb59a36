package dev.lorikeet.data;

/**
 * A tokenised text with its label, or with several.
 *
 * @param ids token ids, at least one
 * @param label its class: the index in the list of labels; with several the first of them, or -1
 * @param flags whether each label of the list holds, where a text may have several; else null
 */
public record Example(int[] ids, int label, boolean[] flags) {

    /** A text with one label. */
    public Example(int[] ids, int label) {
        this(ids, label, null);
    }

    /** The number of tokens. */
    public int length() {
        return ids.length;
    }
}
