package dev.lorikeet.data;

/**
 * A tokenised text.
 *
 * @param ids at least one
 * @param label its class, by place in the list of labels
 */
public record Example(int[] ids, int label) {

    public int length() {
        return ids.length;
    }
}
