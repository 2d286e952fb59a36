package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.data.token.TokenRow;
import dev.lorikeet.data.token.TokenTotals;
import dev.lorikeet.data.token.TokenizedRows;
import dev.lorikeet.text.HasTokenizer;
import dev.lorikeet.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Training texts for next-token prediction. Immutable: each setter returns a changed copy. By default rows of at most 128
 * tokens in table order, 8 to a batch, each batch padded to its longest row; the loss is on every token of a text but its
 * first, including the end token.
 */
public final class Documents implements Renderable {

    private final Table table;
    private final DocumentEncoder encoder;
    private OptionalInt take = OptionalInt.empty();
    private OptionalLong seed = OptionalLong.empty();
    private int size = 8;
    private boolean grouped;
    private boolean packed;
    private boolean padded;
    private boolean dropLast;
    private EncodedOnce cache;

    private Documents(Table table, DocumentEncoder encoder) {
        this.table = table;
        this.encoder = encoder;
    }

    private Documents(Documents other, Table table, DocumentEncoder encoder, Consumer<Documents> change) {
        this(table, encoder);
        take = other.take;
        seed = other.seed;
        size = other.size;
        grouped = other.grouped;
        packed = other.packed;
        padded = other.padded;
        dropLast = other.dropLast;
        change.accept(this);
        cache = other.cache == null ? null : new EncodedOnce();
    }

    private Documents with(Consumer<Documents> change) {
        return new Documents(this, table, encoder, change);
    }

    private Documents with(DocumentEncoder changed) {
        return new Documents(this, table, changed, same -> {});
    }

    /**
     * Creates documents from a table whose columns have the names that TRL and Alpaca give them: {@code messages} or {@code
     * conversations}, {@code instruction} and {@code output}, {@code prompt} and {@code completion}, or {@code text}. Prompts and
     * completions that bring the white space between them get no separator.
     *
     * <p>Rows that are tokenised already have the column {@code input_ids}, lists of ids; they stay as long as they are unless a
     * {@link #length} is set. What is learned of them say {@code labels} (the id itself, or -100), {@code completion_mask} and
     * {@code assistant_masks} (0 or 1); without these, all tokens but the first of each text. {@code attention_mask} (0 or 1) takes
     * padding off. Of packed rows {@code segment_ids}, or TRL's {@code seq_lengths} or {@code position_ids}, tell the texts apart.
     *
     * @throws BadArgumentException if the table has none of them, or holds preferences, which are not learned
     */
    public static Documents of(Table table) {
        return TrainingForm.of(table.columnNames()).documents(table);
    }

    /** Creates documents from rows that are tokenised already. */
    static Documents ofTokens(Table table) {
        return new Documents(table, DocumentEncoder.ofTokens(TokenizedRows.of(table)));
    }

    /**
     * Creates documents from the texts in a column. Messages in JSON become conversations.
     *
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column
     */
    public static Documents of(Table table, String column) {
        return TrainingForm.isChat(table, column)
                ? of(Conversations.of(table, column))
                : new Documents(table, DocumentEncoder.ofTexts(column));
    }

    /**
     * Creates documents from prompts and completions, such as a document and its title. The loss is on both, unless {@link
     * #completionOnly}. A prompt that is too long loses its end, so that the completion stays whole. Messages in JSON become
     * conversations.
     */
    public static Documents of(Table table, String prompt, String completion) {
        if (TrainingForm.isChat(table, prompt, completion)) {
            return of(Conversations.of(table, prompt, completion));
        }
        return new Documents(table, DocumentEncoder.ofPairs(prompt, completion));
    }

    /**
     * Creates documents from conversations, rendered with the chat template of the trained model. The loss is on all tokens,
     * unless {@link #completionOnly}. A conversation that is too long loses its end.
     */
    public static Documents of(Conversations conversations) {
        return new Documents(conversations.messages(), DocumentEncoder.ofChats(conversations));
    }

    /**
     * Computes the loss only on the completion and its end token, not on the prompt; in a conversation, only on the assistant's
     * answers and what ends them.
     */
    public Documents completionOnly() {
        return with(encoder.ofCompletions());
    }

    /** Sets the text between prompt and completion; a line break unless set. */
    public Documents separator(String text) {
        return with(encoder.separator(text));
    }

    /** Sets the maximum tokens of a row; longer texts are truncated. Unless set 128, or all of rows that are tokenised already. */
    public Documents length(int tokens) {
        BadArgumentException.unless(tokens > 1, "length", tokens, "at least 2 tokens");
        return with(encoder.length(tokens));
    }

    /** Sets the number of rows in a batch; 8 unless set. */
    public Documents batch(int rows) {
        BadArgumentException.unless(rows > 0, "batch", rows, "at least 1 row");
        return with(copy -> copy.size = rows);
    }

    /** Takes only the first batches in table order; shuffling mixes those. Later texts are not tokenised. */
    public Documents take(int batches) {
        BadArgumentException.unless(batches > 0, "take", batches, "at least 1 batch");
        return with(copy -> copy.take = OptionalInt.of(batches));
    }

    /** Shuffles the rows anew in each epoch and groups rows of similar length. */
    public Documents shuffled(long seed) {
        return with(copy -> {
            copy.seed = OptionalLong.of(seed);
            copy.grouped = false;
        });
    }

    /**
     * Shuffles the rows and sorts them within mega-batches of 50 batches (fewer in a small set), the longest first, like
     * {@code group_by_length} of transformers: hardly any padding, and losses that vary with the lengths.
     */
    public Documents groupByLength(long seed) {
        return with(copy -> {
            copy.seed = OptionalLong.of(seed);
            copy.grouped = true;
        });
    }

    /**
     * Packs several whole texts into a row, to save padding. Texts do not attend to each other. Rows that are packed already are packed
     * further.
     */
    public Documents packed() {
        return with(copy -> copy.packed = true);
    }

    /** Pads every row to the full length, as Keras does. */
    public Documents padded() {
        return with(copy -> copy.padded = true);
    }

    /** Leaves out the last rows that do not fill a batch. */
    public Documents dropLast() {
        return with(copy -> copy.dropLast = true);
    }

    /** Keeps the token ids in memory for later calls of {@link #batches} with the same tokenizer. */
    public Documents cache() {
        Documents copy = with(same -> {});
        copy.cache = new EncodedOnce();
        return copy;
    }

    /** Takes the first texts in table order; all of them if there are fewer. */
    public Documents first(int texts) {
        BadArgumentException.unless(texts > 0, "texts", texts, "at least 1 text");
        return rows(IntStream.range(0, Math.min(texts, table.rowCount())).toArray());
    }

    /** Splits the texts into training and test; see {@link #split(double, double)}. */
    public DataSplits<Documents> split(double train) {
        return split(train, 0);
    }

    /**
     * Shuffles the texts and splits them into training, validation and test, which gets the rest; each part keeps these
     * settings. Always the same split; {@link #split(double, double, long)} takes another seed than 123.
     *
     * @param train share of the texts, above 0
     * @param validation share of the texts; with {@code train} at most 1
     * @throws BadArgumentException if a share is out of range, or so small that it holds no text
     */
    public DataSplits<Documents> split(double train, double validation) {
        return split(train, validation, Shares.SEED);
    }

    /** Splits with a seed of one's own; see {@link #split(double, double)}. */
    public DataSplits<Documents> split(double train, double validation, long seed) {
        BadArgumentException.unless(
                take.isEmpty(), "take", take, "to be set on the parts, after the split; first(texts) goes before it");
        return new Shares(train, validation).shuffled(table.rowCount(), seed).map(this::rows);
    }

    private Documents rows(int... rows) {
        List<Column<?>> columns = new ArrayList<>();
        table.columns().forEach(column -> columns.add(column.subset(rows)));
        return new Documents(this, Table.create(table.name(), columns), encoder.rows(rows), same -> {});
    }

    /** Shows the first texts as they are written; {@link #preview(HasTokenizer)} shows what the model learns of them. */
    public TextPreview preview() {
        return preview(TextPreview.ROWS);
    }

    /** Shows that many texts. */
    public TextPreview preview(int texts) {
        BadArgumentException.unless(texts > 0, "texts", texts, "at least 1 text");
        int shown = Math.min(texts, table.rowCount());
        return new TextPreview(toString(), encoder.parts(table, shown), table.rowCount());
    }

    /**
     * Shows the first texts as this model will read them: rendered with its chat template, special tokens included, the learned
     * tokens marked, and what is cut off to fit the length.
     *
     * @param model a model, such as {@code Models.load("smollm2-135m")}
     */
    public TokenPreview preview(HasTokenizer model) {
        return preview(model.tokenizer());
    }

    /** Shows that many texts as this model will read them. */
    public TokenPreview preview(HasTokenizer model, int texts) {
        return preview(model.tokenizer(), texts);
    }

    /** Shows the first texts as the model of this tokenizer will read them; see {@link #preview(HasTokenizer)}. */
    public TokenPreview preview(Tokenizer tokenizer) {
        return preview(tokenizer, TextPreview.ROWS);
    }

    /** Shows that many texts as the model of this tokenizer will read them. */
    public TokenPreview preview(Tokenizer tokenizer, int texts) {
        BadArgumentException.unless(texts > 0, "texts", texts, "at least 1 text");
        return TokenPreview.of(this, table.rowCount(), encoder.reader(table, tokenizer), tokenizer, texts);
    }

    /** The number of rows in a batch. */
    public int batchSize() {
        return size;
    }

    /** The maximum tokens of a row. */
    public int length() {
        return encoder.length();
    }

    /**
     * Tokenises the texts and puts them into batches.
     *
     * @throws BadArgumentException if no text has a token to predict
     * @throws dev.lorikeet.base.StoppedException if the thread is interrupted
     */
    public CausalBatches batches(Tokenizer tokenizer) {
        return batches(
                tokenizer,
                grouped
                        ? BatchSampler.Grouping.MEGA_BATCHES
                        : seed.isPresent() ? BatchSampler.Grouping.BUCKETS : BatchSampler.Grouping.NONE);
    }

    /** Tokenises the texts into batches of rows of similar length, for an evaluation, where the order does not matter. */
    public CausalBatches sortedBatches(Tokenizer tokenizer) {
        return batches(tokenizer, BatchSampler.Grouping.BUCKETS);
    }

    private CausalBatches batches(Tokenizer tokenizer, BatchSampler.Grouping grouping) {
        DocumentEncoder.Encoded encoded = cache == null ? encode(tokenizer) : cache.get(tokenizer, this::encode);
        List<TokenRow> rows = encoded.rows();
        TokenTotals totals = encoded.totals();
        BadArgumentException.unless(
                !rows.isEmpty() || totals.emptied() == 0,
                "length",
                encoder.length(),
                "more tokens: %s cut before what is learned begins; length(%d) keeps every text whole"
                        .formatted(
                                totals.emptied() == 1 ? "the text is" : "all %,d texts are".formatted(totals.emptied()),
                                totals.longest()));
        BadArgumentException.unless(
                !rows.isEmpty(),
                "documents",
                this,
                table.isEmpty()
                        ? "at least one text; a part of a split has none unless split(train, validation) gives it a share"
                        : "at least one text of two tokens or more, so that one can be predicted");
        int[] lengths = rows.stream().mapToInt(TokenRow::length).toArray();
        BatchSampler sampler =
                new BatchSampler(lengths, size, seed, dropLast, padded ? BatchSampler.Grouping.NONE : grouping);
        OptionalInt width = padded ? OptionalInt.of(encoder.length()) : OptionalInt.empty();
        int padId = tokenizer.pad().orElse(0);
        return new CausalBatches(rows, sampler, width, padId, packed, totals);
    }

    /**
     * Tokenises the texts into rows as they are trained on: cut, packed if that is set, in table order, and without the texts of which
     * nothing is learned. Shows no progress.
     */
    public List<TokenRow> tokenize(Tokenizer tokenizer) {
        return encode(tokenizer, true).rows();
    }

    private DocumentEncoder.Encoded encode(Tokenizer tokenizer) {
        return encode(tokenizer, false);
    }

    /** Tokenises only as many texts as {@link #take} needs. */
    private DocumentEncoder.Encoded encode(Tokenizer tokenizer, boolean quiet) {
        long rows = take.isPresent() ? (long) take.getAsInt() * size : Long.MAX_VALUE;
        if (!packed) {
            return encoder.encode(table, tokenizer, rows, Long.MAX_VALUE, quiet);
        }
        long tokens = take.isPresent() ? rows * encoder.length() : Long.MAX_VALUE;
        DocumentEncoder.Encoded encoded = encoder.encode(table, tokenizer, Long.MAX_VALUE, tokens, quiet);
        List<TokenRow> packedRows = TokenRow.packed(encoded.rows(), encoder.length());
        List<TokenRow> taken = packedRows.subList(0, (int) Math.min(rows, packedRows.size()));
        return new DocumentEncoder.Encoded(taken, encoded.totals());
    }

    private String order() {
        String first = take.isPresent() ? String.format(Locale.ROOT, "the first %,d batches, ", take.getAsInt()) : "";
        return first
                + (seed.isEmpty()
                        ? "in table order"
                        : (grouped ? "grouped by length" : "shuffled") + " with seed " + seed.getAsLong());
    }

    @Override
    public String html() {
        HtmlTable html = HtmlTable.of()
                .row("texts", Quantities.counted(table.rowCount(), "row") + " of " + encoder.source())
                .row("length", String.format(Locale.ROOT, "at most %,d tokens", encoder.length()))
                .row("batch", Quantities.counted(size, "row") + (padded ? ", padded to the full length" : ""))
                .row("order", order())
                .row("learned", encoder.learned());
        if (packed) {
            html.row("packed", "several texts to a row");
        }
        return html.title(table.name() == null ? "Documents" : table.name()).html();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s of %s%s, rows of at most %,d tokens, %,d to a batch%s%s",
                Quantities.counted(table.rowCount(), "text"),
                encoder.source(),
                table.name() == null ? "" : " in " + table.name(),
                encoder.length(),
                size,
                take.isPresent() ? String.format(Locale.ROOT, ", the first %,d batches", take.getAsInt()) : "",
                packed ? ", packed" : "");
    }

    /** The token ids of the tokenizer that was used last. */
    private static final class EncodedOnce {

        private Tokenizer tokenizer;
        private DocumentEncoder.Encoded encoded;

        synchronized DocumentEncoder.Encoded get(
                Tokenizer current, java.util.function.Function<Tokenizer, DocumentEncoder.Encoded> encode) {
            if (current != tokenizer) {
                encoded = encode.apply(current);
                tokenizer = current;
            }
            return encoded;
        }
    }
}
