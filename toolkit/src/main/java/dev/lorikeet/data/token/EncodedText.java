package dev.lorikeet.data.token;

import java.util.Arrays;

/**
 * The tokens of a whole text, or of several in a row, and how they are truncated: a range of tokens is left out, and then what exceeds the length.
 *
 * @param ids all its tokens
 * @param targets true at tokens that are targets of the loss
 * @param segmentIds index of the text within the row that each token belongs to
 * @param cutFrom first token of the range that is left out, such as the end of a prompt
 * @param cutTo after its last token; {@code cutFrom} if nothing is left out
 * @param length maximum tokens of a row
 */
public record EncodedText(int[] ids, boolean[] targets, int[] segmentIds, int cutFrom, int cutTo, int length) {

    /** The tokens of one text. */
    public EncodedText(int[] ids, boolean[] targets, int cutFrom, int cutTo, int length) {
        this(ids, targets, new int[ids.length], cutFrom, cutTo, length);
    }

    boolean isTruncated() {
        return ids.length > length;
    }

    /** The number of tokens that are to be learned, were nothing cut. */
    int targetCount() {
        return TokenRow.of(ids, targets, segmentIds).targets();
    }

    /** Whether a token is in the row. */
    boolean keeps(int token) {
        return token < cutFrom ? token < length : token >= cutTo && token - (cutTo - cutFrom) < length;
    }

    /** The row that is trained on. */
    public TokenRow row() {
        if (!isTruncated()) {
            return TokenRow.of(ids, targets, segmentIds);
        }
        int kept = Math.min(length, ids.length - (cutTo - cutFrom));
        int[] keptIds = Arrays.copyOf(ids, kept);
        boolean[] keptTargets = Arrays.copyOf(targets, kept);
        if (cutTo > cutFrom && kept > cutFrom) {
            System.arraycopy(ids, cutTo, keptIds, cutFrom, kept - cutFrom);
            System.arraycopy(targets, cutTo, keptTargets, cutFrom, kept - cutFrom);
        }
        return TokenRow.of(keptIds, keptTargets, Arrays.copyOf(segmentIds, kept));
    }
}
