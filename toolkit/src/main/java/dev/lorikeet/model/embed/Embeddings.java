package dev.lorikeet.model.embed;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.Tables;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Texts with their vectors, among which one can search. */
public final class Embeddings implements Renderable {

    private static final int NUMBERS_SHOWN = 4;
    private static final int TEXTS_SHOWN = 10;

    private final List<String> texts;
    private final float[][] vectors;
    private final Embedder embedder;

    Embeddings(List<String> texts, float[][] vectors, Embedder embedder) {
        this.texts = texts;
        this.vectors = vectors;
        this.embedder = embedder;
    }

    public List<String> texts() {
        return texts;
    }

    public int size() {
        return vectors.length;
    }

    /** How many numbers a vector has. */
    public int dimension() {
        return vectors[0].length;
    }

    /** A copy of the vector of a text, given its number from 0. */
    public float[] vector(int text) {
        return row(text).clone();
    }

    /** Copies of all vectors, [texts][dimension]. */
    public float[][] toArray() {
        float[][] copies = new float[size()][];
        java.util.Arrays.setAll(copies, this::vector);
        return copies;
    }

    private float[] row(int text) {
        BadArgumentException.unless(text >= 0 && text < size(), "number of the text", text, "0 to " + (size() - 1));
        return vectors[text];
    }

    /** The cosine of the angle between the vectors of two texts, -1 to 1: 1 where they point the same way. */
    public double similarity(int text, int other) {
        return cosine(row(text), row(other));
    }

    /**
     * Finds the texts that are nearest to a question, with the same model.
     *
     * @param count how many, at least 1
     * @return the columns "row", "text" and "similarity" (the cosine, -1 to 1), the nearest first
     */
    public Table search(String question, int count) {
        return nearest(embedder.embed(question).row(0), count);
    }

    /** Finds the texts that are nearest to a vector; see {@link #search}. */
    public Table nearest(float[] vector, int count) {
        BadArgumentException.unless(count > 0, "count", count, "at least 1");
        BadArgumentException.unless(
                vector.length == dimension(),
                "numbers of the vector",
                vector.length,
                dimension() + ", as each vector here has");
        double[] similarities = IntStream.range(0, size())
                .mapToDouble(i -> cosine(vectors[i], vector))
                .toArray();
        int[] found = IntStream.range(0, size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -similarities[i])
                        .thenComparing(i -> i))
                .limit(count)
                .mapToInt(i -> i)
                .toArray();
        return Tables.create(
                "Nearest texts",
                IntColumn.create("row", found),
                StringColumn.create("text", IntStream.of(found).mapToObj(texts::get)),
                DoubleColumn.create(
                        "similarity",
                        IntStream.of(found).mapToDouble(i -> similarities[i]).toArray()));
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            first += (double) a[i] * a[i];
            second += (double) b[i] * b[i];
        }
        double lengths = Math.sqrt(first * second);
        return lengths == 0 ? 0 : product / lengths;
    }

    private String title() {
        return String.format(Locale.ROOT, "%,d texts as vectors of %,d numbers", size(), dimension());
    }

    private String start(int text) {
        StringBuilder numbers = new StringBuilder();
        for (int i = 0; i < Math.min(NUMBERS_SHOWN, dimension()); i++) {
            numbers.append(String.format(Locale.ROOT, "%.3f ", vectors[text][i]));
        }
        return numbers.append('…').toString();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(title());
        for (int i = 0; i < Math.min(TEXTS_SHOWN, size()); i++) {
            text.append("\n").append(start(i)).append("  ").append(texts.get(i));
        }
        return text.append(size() > TEXTS_SHOWN ? "\n…" : "").toString();
    }

    @Override
    public String html() {
        HtmlTable table = HtmlTable.of("Text", "Vector").title(title());
        for (int i = 0; i < Math.min(TEXTS_SHOWN, size()); i++) {
            table.row(texts.get(i), start(i));
        }
        return size() > TEXTS_SHOWN
                ? table.caption("The first %d; toArray() has them all".formatted(TEXTS_SHOWN))
                        .html()
                : table.html();
    }
}
