package dev.lorikeet.data;

/**
 * A tokenised text with its label.
 *
 * @param ids token ids, at least one
 * @param label its class: the index in the list of labels
 */
public record Example(int[] ids, int label) {

    /** The number of tokens. */
    public int length() {
        return ids.length;
    }
}
