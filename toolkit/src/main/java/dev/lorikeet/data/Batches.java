package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Quantities;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Puts labelled examples into batches, epoch by epoch. Immutable: each setter returns a new object. By default batches of 8
 * examples sorted by length, each padded to its longest example; the same epoch always gives the same batches.
 */
public final class Batches implements Serializable {

    private static final int SIZE = 8;

    private final List<Example> examples;
    private final int size;
    private final int padId;
    private final OptionalLong seed;
    private final boolean dropLast;
    private final OptionalInt width;

    private Batches(
            List<Example> examples, int size, int padId, OptionalLong seed, boolean dropLast, OptionalInt width) {
        this.examples = examples;
        this.size = size;
        this.padId = padId;
        this.seed = seed;
        this.dropLast = dropLast;
        this.width = width;
    }

    /** Creates batches of 8 examples with the default settings. */
    public static Batches of(List<Example> examples) {
        BadArgumentException.unless(!examples.isEmpty(), "examples", examples, "at least one");
        return new Batches(examples, SIZE, 0, OptionalLong.empty(), false, OptionalInt.empty());
    }

    /** Sets the number of examples in a batch; 8 by default. */
    public Batches size(int size) {
        BadArgumentException.unless(size > 0, "batch size", size, "at least 1");
        return new Batches(examples, size, padId, seed, dropLast, width);
    }

    /** Sets the id of the padding token; 0 by default. */
    public Batches padId(int padId) {
        BadArgumentException.unless(padId >= 0, "padding id", padId, "an id of the vocabulary");
        return new Batches(examples, size, padId, seed, dropLast, width);
    }

    /** Shuffles the examples anew in each epoch. */
    public Batches shuffled(long seed) {
        return new Batches(examples, size, padId, OptionalLong.of(seed), dropLast, width);
    }

    /** Leaves out the last examples of an epoch that do not fill a batch. */
    public Batches dropLast() {
        return new Batches(examples, size, padId, seed, true, width);
    }

    /** Pads each batch to this many tokens, truncates longer examples (see {@link #truncated}), and keeps their order. */
    public Batches padTo(int width) {
        BadArgumentException.unless(width > 0, "width", width, "at least 1 token");
        return new Batches(examples, size, padId, seed, dropLast, OptionalInt.of(width));
    }

    /** Pads each batch to its longest example and groups examples of similar length; the default. */
    public Batches longest() {
        return new Batches(examples, size, padId, seed, dropLast, OptionalInt.empty());
    }

    /** The number of batches in an epoch. */
    public int perEpoch() {
        return sampler().perEpoch();
    }

    /** A hash of the examples, independent of how they are batched. */
    public String digest() {
        RowDigest digest = new RowDigest();
        for (Example example : examples) {
            digest.add(example.ids()).add(example.target());
        }
        return digest.hex();
    }

    /** The number of examples that {@link #padTo} truncates. */
    public int truncated() {
        return width.isEmpty()
                ? 0
                : (int) examples.stream()
                        .filter(example -> example.length() > width.getAsInt())
                        .count();
    }

    /**
     * The batches of an epoch.
     *
     * @param epoch index of the epoch, from 0
     */
    public List<Batch> epoch(int epoch) {
        BadArgumentException.unless(epoch >= 0, "epoch", epoch, "0 or more");
        return sampler().epoch(epoch).stream()
                .map(rows -> batch(rows.stream().map(examples::get).toList()))
                .toList();
    }

    private BatchSampler sampler() {
        int[] lengths = examples.stream().mapToInt(Example::length).toArray();
        return new BatchSampler(
                lengths,
                size,
                seed,
                dropLast,
                width.isEmpty() ? BatchSampler.Grouping.BUCKETS : BatchSampler.Grouping.NONE);
    }

    private Batch batch(List<Example> selected) {
        int longest = selected.stream().mapToInt(Example::length).max().orElseThrow();
        return Batch.of(selected, width.orElse(longest), padId);
    }

    /** The share of padding in the first epoch, 0 to 1; 0 if it has no batch. */
    public double paddingShare() {
        long tokens = 0;
        long positions = 0;
        for (Batch batch : epoch(0)) {
            tokens += batch.tokens();
            positions += batch.positions();
        }
        return positions == 0 ? 0 : 1 - (double) tokens / positions;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d batches of %d, padded to %s, %s padding",
                perEpoch(),
                size,
                width.isPresent() ? width.getAsInt() + " tokens" : "the longest of the batch",
                Quantities.percent(paddingShare()));
    }
}
