package dev.lorikeet.data.stream;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Example;
import dev.lorikeet.text.Tokenizer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The batches of one epoch of a stream, as a list of which one element exists at a time: it is made when it is asked for. Asking for an
 * earlier one reads the stream again from its start. Texts are shuffled within a window.
 */
public final class StreamedBatches extends AbstractList<Batch> implements AutoCloseable {

    /** Texts that are held at a time, among which the next one is drawn. */
    private static final int WINDOW = 1000;

    private final TextStream texts;
    private final Tokenizer tokenizer;
    private final List<String> labels;
    private final int longest;
    private final int batchSize;
    private final int padId;
    private final long seed;
    private Stream<LabelledText> open;
    private Iterator<LabelledText> rows;
    private List<Example> window;
    private SplittableRandom random;
    private int next;
    private Batch last;

    /**
     * @param labels the classes in their order
     * @param longest tokens to which a text is cut
     * @param seed of this epoch's order
     */
    public StreamedBatches(
            TextStream texts,
            Tokenizer tokenizer,
            List<String> labels,
            int longest,
            int batchSize,
            int padId,
            long seed) {
        this.texts = texts;
        this.tokenizer = tokenizer;
        this.labels = List.copyOf(labels);
        this.longest = longest;
        this.batchSize = batchSize;
        this.padId = padId;
        this.seed = seed;
        BadArgumentException.unless(
                texts.rows() >= batchSize,
                "batch size",
                batchSize,
                "at most " + texts.rows() + ", the rows of " + texts.name() + ": an incomplete batch is left out");
    }

    /** The number of whole batches. */
    @Override
    public int size() {
        return Math.toIntExact(texts.rows() / batchSize);
    }

    @Override
    public Batch get(int index) {
        BadArgumentException.unless(index >= 0 && index < size(), "batch", index, "0 to " + (size() - 1));
        if (rows == null || index < next - 1) {
            begin();
        }
        while (next <= index) {
            last = read();
            next++;
        }
        return last;
    }

    private void begin() {
        close();
        open = texts.source().get();
        rows = open.iterator();
        window = new ArrayList<>();
        random = new SplittableRandom(seed);
        next = 0;
    }

    private Batch read() {
        StoppedException.check("Reading " + texts.name() + " was stopped");
        List<Example> batch = new ArrayList<>();
        while (batch.size() < batchSize) {
            while (window.size() < WINDOW && rows.hasNext()) {
                window.add(example(rows.next()));
            }
            BadArgumentException.unless(
                    !window.isEmpty(),
                    "rows of " + texts.name(),
                    (long) next * batchSize + batch.size(),
                    texts.rows() + ", as the stream has promised");
            int drawn = random.nextInt(window.size());
            batch.add(window.get(drawn));
            window.set(drawn, window.get(window.size() - 1));
            window.remove(window.size() - 1);
        }
        return Batch.padded(batch, padId);
    }

    private Example example(LabelledText row) {
        int label = labels.indexOf(row.label());
        if (label < 0) {
            throw new UnknownNameException("label", row.label(), labels);
        }
        return new Example(tokenizer.encodeCut(row.text(), longest), label);
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
            rows = null;
        }
    }
}
