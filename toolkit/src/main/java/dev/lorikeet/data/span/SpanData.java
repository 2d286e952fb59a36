package dev.lorikeet.data.span;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.DataSplits;
import dev.lorikeet.data.Example;
import dev.lorikeet.data.Examples;
import dev.lorikeet.data.RowTarget;
import dev.lorikeet.data.Shares;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.span.Span;
import dev.lorikeet.text.span.TagScheme;
import dev.lorikeet.text.span.Tagged;
import dev.lorikeet.text.span.TextWords;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;

/** Texts in which spans are labelled, to train a tagger on: names of places, products, dates. Immutable. */
public final class SpanData implements Renderable {

    private static final int SHOWN = 5;

    private final String name;
    private final List<Tagged> texts;

    private SpanData(String name, List<Tagged> texts) {
        this.name = name;
        this.texts = List.copyOf(texts);
    }

    /** Takes texts whose spans are known. */
    public static SpanData of(List<Tagged> texts) {
        BadArgumentException.unless(!texts.isEmpty(), "texts", texts, "at least one");
        return new SpanData("Texts with spans", texts);
    }

    /**
     * Takes the rows of a table.
     *
     * @param spansColumn a JSON list in each row: {@code [{"start": 0, "end": 6, "label": "place"}]} or {@code [[0, 6, "place"]]},
     *     where places are counted in characters and the end is the one after the last; empty for a text without spans
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column
     * @throws BadArgumentException if a row holds something else, or a span lies beyond its text; it names the row
     */
    public static SpanData of(Table table, String textColumn, String spansColumn) {
        List<String> texts = Columns.strings(table, textColumn);
        List<String> cells = Columns.strings(table, spansColumn);
        return rows(table, row -> {
            String where = "\"%s\" of row %d".formatted(spansColumn, row + 1);
            List<Span> spans = SpanCells.read(cells.get(row), where);
            int length = texts.get(row).length();
            spans.forEach(span -> BadArgumentException.unless(
                    span.end() <= length,
                    where,
                    span,
                    "within the text of %d characters: \"%s\"".formatted(length, texts.get(row))));
            return new Tagged(texts.get(row), spans);
        });
    }

    /**
     * Takes the rows of a table that hold words and their tags, as data sets on the Hugging Face hub have them.
     *
     * @param wordsColumn a JSON list in each row, such as {@code ["in", "Rome"]}
     * @param tagsColumn a JSON list in each row, such as {@code ["O", "B-place"]}
     * @throws BadArgumentException if a row has not as many tags as words; it names the row
     */
    public static SpanData words(Table table, String wordsColumn, String tagsColumn) {
        List<String> words = Columns.strings(table, wordsColumn);
        List<String> tags = Columns.strings(table, tagsColumn);
        return rows(table, row -> TaggedWords.of(
                        SpanCells.words(words.get(row), "\"%s\" of row %d".formatted(wordsColumn, row + 1)),
                        SpanCells.words(tags.get(row), "\"%s\" of row %d".formatted(tagsColumn, row + 1)),
                        "row " + (row + 1))
                .tagged());
    }

    /**
     * Reads a CoNLL file: a word and its tag in each line, with a space or a tab between them and perhaps other columns; an empty line
     * after each sentence.
     *
     * @throws dev.lorikeet.base.BadFileException if it is missing, or a line has no tag; it names the line
     */
    public static SpanData conll(Path file) {
        return new SpanData(String.valueOf(file.getFileName()), new ConllFile(file).read());
    }

    /** Reads a CoNLL file as {@link #conll(Path)} does. */
    public static SpanData conll(String file) {
        return conll(Path.of(file));
    }

    private static SpanData rows(Table table, IntFunction<Tagged> row) {
        BadArgumentException.unless(table.rowCount() > 0, "table", table.name(), "a table with rows");
        return new SpanData(
                table.name() == null ? "Texts with spans" : table.name(),
                IntStream.range(0, table.rowCount()).mapToObj(row).toList());
    }

    /** The texts in their order. */
    public List<Tagged> texts() {
        return texts;
    }

    /** The number of texts. */
    public int size() {
        return texts.size();
    }

    /** The kinds of spans, in the order of the alphabet: {@code Models.load("minilm-l6-v2").tagger(data.kinds())}. */
    public List<String> kinds() {
        return List.copyOf(counts().keySet());
    }

    /** How many spans there are of each kind. */
    public Map<String, Long> counts() {
        return texts.stream()
                .flatMap(text -> text.spans().stream())
                .collect(Collectors.groupingBy(Span::label, TreeMap::new, Collectors.counting()));
    }

    /** Takes the first texts; all of them if there are fewer. */
    public SpanData first(int count) {
        BadArgumentException.unless(count > 0, "texts", count, "at least 1 text");
        return new SpanData(name, texts.subList(0, Math.min(count, size())));
    }

    /** Splits the texts into training and test; see {@link #split(double, double)}. */
    public DataSplits<SpanData> split(double train) {
        return split(train, 0);
    }

    /** Splits with the seed 123; see {@link #split(double, double, long)}. */
    public DataSplits<SpanData> split(double train, double validation) {
        return split(train, validation, Shares.SEED);
    }

    /**
     * Shuffles the texts and splits them into training, validation and test, which gets the rest. The same seed gives the same split.
     *
     * @param train share of the texts, above 0
     * @param validation share of the texts; with {@code train} at most 1
     */
    public DataSplits<SpanData> split(double train, double validation, long seed) {
        return new Shares(train, validation)
                .shuffled(size(), seed)
                .map(rows -> new SpanData(
                        name, Arrays.stream(rows).mapToObj(texts::get).toList()));
    }

    /**
     * Tokenises the texts, each cut to so many tokens; the first token of each word has the word's tag.
     *
     * @throws dev.lorikeet.base.UnknownNameException if a span is of a kind that the tags do not have
     * @throws StoppedException if the thread is interrupted
     */
    public Examples encode(Tokenizer tokenizer, TagScheme scheme, int longest) {
        List<Example> examples = new ArrayList<>();
        int cut = 0;
        for (Tagged text : texts) {
            StoppedException.check("Tokenising was interrupted");
            TextWords words = TextWords.of(text.text(), tokenizer, longest);
            cut += words.isCut() ? 1 : 0;
            int[] tags = scheme.tags(words.words(), text.spans());
            int[] labels = new int[words.ids().length];
            Arrays.fill(labels, RowTarget.IGNORED);
            for (int i = 0; i < tags.length; i++) {
                labels[words.words().get(i).token()] = tags[i] == TagScheme.NONE ? RowTarget.IGNORED : tags[i];
            }
            examples.add(new Example(words.ids(), new RowTarget.Tags(labels)));
        }
        return Examples.of(examples, cut, longest);
    }

    @Override
    public String html() {
        StringBuilder html = new StringBuilder("<div><b>%s</b></div>".formatted(HtmlTable.escape(toString())));
        texts.stream().limit(SHOWN).forEach(text -> html.append(text.html()));
        return html.append(size() > SHOWN ? "<div>…</div>" : "").toString();
    }

    @Override
    public String toString() {
        String kinds = counts().entrySet().stream()
                .map(entry -> entry.getKey() + " " + Quantities.count(entry.getValue()))
                .collect(Collectors.joining(", "));
        return "%s: %s; spans: %s"
                .formatted(name, Quantities.counted(size(), "text"), kinds.isEmpty() ? "none" : kinds);
    }
}
