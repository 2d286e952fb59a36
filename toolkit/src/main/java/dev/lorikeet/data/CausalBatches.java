package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.data.token.TokenRow;
import dev.lorikeet.data.token.TokenTotals;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Batches of tokenised texts, epoch by epoch; created by {@link Documents#batches}. */
public final class CausalBatches implements Serializable {

    private final List<TokenRow> rows;
    private final BatchSampler sampler;
    private final OptionalInt width;
    private final int padId;
    private final boolean packed;
    private final TokenTotals totals;

    CausalBatches(
            List<TokenRow> rows,
            BatchSampler sampler,
            OptionalInt width,
            int padId,
            boolean packed,
            TokenTotals totals) {
        this.rows = List.copyOf(rows);
        this.sampler = sampler;
        this.width = width;
        this.padId = padId;
        this.packed = packed || rows.stream().anyMatch(row -> row.texts() > 1);
        this.totals = totals;
    }

    /** The number of batches in an epoch. */
    public int perEpoch() {
        return sampler.perEpoch();
    }

    /**
     * The batches of an epoch.
     *
     * @param epoch index of the epoch, from 0
     */
    public List<Batch> epoch(int epoch) {
        BadArgumentException.unless(epoch >= 0, "epoch", epoch, "0 or more");
        return sampler.epoch(epoch).stream()
                .map(selected -> batch(selected.stream().map(rows::get).toList()))
                .toList();
    }

    /** The token ids of each row, without padding. */
    public Stream<int[]> ids() {
        return rows.stream().map(TokenRow::ids);
    }

    /** A hash of the rows and their loss masks, independent of how they are batched. */
    public String digest() {
        RowDigest digest = new RowDigest();
        rows.forEach(row -> digest.add(row.ids()).add(row.lossMask()).add(row.segmentIds()));
        return digest.hex();
    }

    /** The number of texts; a row may hold several. */
    public int texts() {
        return rows.stream().mapToInt(TokenRow::texts).sum();
    }

    /** The number of tokens in an epoch, without padding. */
    public long tokens() {
        return rows.stream().mapToLong(TokenRow::length).sum();
    }

    /** The number of texts that were too long and were truncated. */
    public int truncated() {
        return totals.cut();
    }

    /** The number of texts that were left out because they have no token to predict. */
    public int leftOut() {
        return totals.leftOut();
    }

    /** Describes what is lost since texts are too long, or have nothing to learn; empty if nothing is. */
    public List<String> losses() {
        return totals.losses();
    }

    /** The number of tokens in each row, for a histogram. */
    public int[] lengths() {
        return rows.stream().mapToInt(TokenRow::length).toArray();
    }

    /** The share of padding in the first epoch, 0 to 1. */
    public double paddingShare() {
        long tokens = 0;
        long positions = 0;
        for (List<Integer> selected : sampler.epoch(0)) {
            int longest = 0;
            for (int row : selected) {
                tokens += rows.get(row).length();
                longest = Math.max(longest, rows.get(row).length());
            }
            positions += (long) selected.size() * width.orElse(longest);
        }
        return positions == 0 ? 0 : 1 - (double) tokens / positions;
    }

    private Batch batch(List<TokenRow> selected) {
        int longest = selected.stream().mapToInt(TokenRow::length).max().orElseThrow();
        int time = width.orElse(longest);
        int[][] ids = new int[selected.size()][];
        int[] lengths = new int[ids.length];
        boolean[][] lossMask = new boolean[ids.length][];
        int[][] segmentIds = packed ? new int[ids.length][] : null;
        int texts = 0;
        for (int i = 0; i < ids.length; i++) {
            TokenRow row = selected.get(i);
            lengths[i] = row.length();
            ids[i] = Arrays.copyOf(row.ids(), time);
            Arrays.fill(ids[i], row.length(), time, padId);
            lossMask[i] = Arrays.copyOf(row.lossMask(), time);
            if (packed) {
                segmentIds[i] = Arrays.copyOf(row.segmentIds(), time);
                Arrays.fill(segmentIds[i], row.length(), time, row.texts());
            }
            texts += row.texts();
        }
        return Batch.of(ids, lengths, lossMask, segmentIds, texts, padId);
    }

    @Override
    public String toString() {
        String packing = packed ? String.format(Locale.ROOT, ", %,d texts packed", texts()) : "";
        String truncation = truncated() == 0 ? "" : String.format(Locale.ROOT, ", %,d texts truncated", truncated());
        String omission = leftOut() == 0
                ? ""
                : String.format(Locale.ROOT, ", %,d left out without a token to predict", leftOut());
        return String.format(
                Locale.ROOT,
                "%,d batches of %d, %,d tokens, padded to %s, %s padding%s%s%s",
                perEpoch(),
                sampler.size(),
                tokens(),
                width.isPresent() ? width.getAsInt() + " tokens" : "the longest of the batch",
                Quantities.percent(paddingShare()),
                packing,
                truncation,
                omission);
    }
}
