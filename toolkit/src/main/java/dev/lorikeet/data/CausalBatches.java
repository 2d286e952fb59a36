package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Tokenised texts in batches, epoch by epoch; made by {@link Documents#batches}. */
public final class CausalBatches {

    private final List<TokenRow> rows;
    private final BatchSampler order;
    private final OptionalInt width;
    private final int padId;
    private final boolean packed;
    private final int cut;
    private final int leftOut;

    CausalBatches(
            List<TokenRow> rows,
            BatchSampler order,
            OptionalInt width,
            int padId,
            boolean packed,
            int cut,
            int leftOut) {
        this.rows = rows;
        this.order = order;
        this.width = width;
        this.padId = padId;
        this.packed = packed;
        this.cut = cut;
        this.leftOut = leftOut;
    }

    /** Batches in an epoch. */
    public int perEpoch() {
        return order.perEpoch();
    }

    /**
     * The batches of an epoch.
     *
     * @param epoch from 0
     */
    public List<CausalBatch> epoch(int epoch) {
        BadArgumentException.unless(epoch >= 0, "epoch", epoch, "0 or more");
        return order.epoch(epoch).stream()
                .map(chosen -> batch(chosen.stream().map(rows::get).toList()))
                .toList();
    }

    /** A fingerprint of the rows and of what of them is learned, whatever their order; sets that differ have different ones. */
    public String digest() {
        RowDigest digest = new RowDigest();
        rows.forEach(row -> digest.add(row.ids()).add(row.counts()).add(row.segments()));
        return digest.hex();
    }

    /** Texts, of which several may stand in a row. */
    public int texts() {
        return rows.stream().mapToInt(TokenRow::texts).sum();
    }

    /** Real tokens of an epoch. */
    public long tokens() {
        return rows.stream().mapToLong(TokenRow::length).sum();
    }

    /** How many texts were too long and lost a part. */
    public int cut() {
        return cut;
    }

    /** How many texts have no token to predict and are not there. */
    public int leftOut() {
        return leftOut;
    }

    /** Tokens of the rows, as a histogram wants them. */
    public int[] lengths() {
        return rows.stream().mapToInt(TokenRow::length).toArray();
    }

    /** The part of the first epoch's positions that is padding, 0 to 1. */
    public double paddingShare() {
        long tokens = 0;
        long positions = 0;
        for (List<Integer> chosen : order.epoch(0)) {
            int longest = 0;
            for (int row : chosen) {
                tokens += rows.get(row).length();
                longest = Math.max(longest, rows.get(row).length());
            }
            positions += (long) chosen.size() * width.orElse(longest);
        }
        return positions == 0 ? 0 : 1 - (double) tokens / positions;
    }

    private CausalBatch batch(List<TokenRow> chosen) {
        int longest = chosen.stream().mapToInt(TokenRow::length).max().orElseThrow();
        int time = width.orElse(longest);
        int[][] ids = new int[chosen.size()][];
        int[] lengths = new int[ids.length];
        boolean[][] counts = new boolean[ids.length][];
        int[][] segments = packed ? new int[ids.length][] : null;
        int texts = 0;
        for (int i = 0; i < ids.length; i++) {
            TokenRow row = chosen.get(i);
            lengths[i] = row.length();
            ids[i] = Arrays.copyOf(row.ids(), time);
            Arrays.fill(ids[i], row.length(), time, padId);
            counts[i] = Arrays.copyOf(row.counts(), time);
            if (packed) {
                segments[i] = Arrays.copyOf(row.segments(), time);
                Arrays.fill(segments[i], row.length(), time, row.texts());
            }
            texts += row.texts();
        }
        return new CausalBatch(ids, lengths, counts, segments, texts, padId);
    }

    @Override
    public String toString() {
        String what = packed ? String.format(Locale.ROOT, ", %,d texts packed", texts()) : "";
        String lost = cut == 0 ? "" : String.format(Locale.ROOT, ", %,d texts cut", cut);
        String absent =
                leftOut == 0 ? "" : String.format(Locale.ROOT, ", %,d left out as nothing is to predict", leftOut);
        return String.format(
                Locale.ROOT,
                "%,d batches of %d, %,d tokens, padded to %s, %.1f %% padding%s%s%s",
                perEpoch(),
                order.size(),
                tokens(),
                width.isPresent() ? width.getAsInt() + " tokens" : "the longest of the batch",
                100 * paddingShare(),
                what,
                lost,
                absent);
    }
}
