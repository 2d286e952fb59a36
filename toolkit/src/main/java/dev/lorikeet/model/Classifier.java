package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.input.ModelInput;
import dev.lorikeet.model.input.TextBatches;
import dev.lorikeet.model.input.TextRow;
import dev.lorikeet.model.io.LoadedModel;
import dev.lorikeet.model.io.ModelLock;
import dev.lorikeet.model.io.NewHead;
import dev.lorikeet.model.io.TaskHead;
import dev.lorikeet.model.io.WeightSource;
import dev.lorikeet.model.spec.HeadTask;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** A model that assigns a text to one of a few labels, from the state of one of its tokens. */
public final class Classifier extends TaskModel {

    /** What is classified of the states of a text's tokens. */
    public enum Pooling {
        /** The first token, as BERT and its children have it. */
        FIRST_TOKEN,
        /** The mean of all tokens of the text. */
        MEAN,
        /** The last token of the text itself. */
        LAST_TOKEN,
        /** The last position of the batch, padding or not, and padding is looked at: as in Appendix E of "LLMs from scratch". */
        LAST_POSITION
    }

    private static final String CLASSIFYING = "classifying";

    private Pooling pooling;
    private OptionalInt paddedLength = OptionalInt.empty();
    private boolean multiLabel;

    private Classifier(LoadedModel parts, Adapters adapters, List<String> labels) {
        super(parts, adapters, labels);
        this.pooling = PooledRows.usual(parts.config());
    }

    /** Makes a classifier with a new head. */
    static Classifier on(LoadedModel parts, Adapters adapters, List<String> labels, long seed) {
        NewHead.drawn(parts, HeadTask.ONE_LABEL, labels.size(), seed);
        return new Classifier(parts, adapters, labels);
    }

    /** Makes a classifier with a head that was trained already, and freezes it as all loaded models are. */
    static Classifier of(LoadedModel parts, WeightSource source, TaskHead head) {
        NewHead.read(parts, source, head);
        Classifier classifier = new Classifier(parts, new Adapters(), head.labels());
        classifier.multiLabel = head.task() == HeadTask.SEVERAL_LABELS;
        head.pooling().ifPresent(name -> classifier.pooling(pooling(name, source)));
        classifier.freeze(true);
        return classifier;
    }

    private static Pooling pooling(String name, WeightSource source) {
        return Arrays.stream(Pooling.values())
                .filter(pooling -> pooling.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadFileException(
                        source.path(),
                        "its pooling is \"%s\"; expected one of %s"
                                .formatted(name, Arrays.toString(Pooling.values()))));
    }

    @Override
    public Classifier merge() {
        mergeAdapters();
        return this;
    }

    @Override
    public HeadTask task() {
        return multiLabel ? HeadTask.SEVERAL_LABELS : HeadTask.ONE_LABEL;
    }

    @Override
    Optional<String> savedPooling() {
        return pooling == PooledRows.usual(config()) ? Optional.empty() : Optional.of(pooling.name());
    }

    /** Whether a text may have several labels, or none. */
    public boolean isMultiLabel() {
        return multiLabel;
    }

    /**
     * Lets a text have several labels, or none: each label is decided by itself, and training minimises the binary cross-entropy. The
     * column "label" then holds JSON lists such as {@code ["late", "card"]}.
     */
    public Classifier multiLabel() {
        multiLabel = true;
        return this;
    }

    public Pooling pooling() {
        return pooling;
    }

    /** Chooses what is classified; unless set, the last token, in an encoder the first token or the mean as its files say. */
    public Classifier pooling(Pooling chosen) {
        this.pooling = chosen;
        return this;
    }

    /**
     * Pads and truncates every text to so many tokens, in classifying and, unless those set their own, in evaluations and
     * training, as Appendix E does to 120. Unless it is set, a text is padded to the longest of its batch.
     *
     * @param tokens 1 to the model's context; 0 takes the setting back
     */
    public Classifier padTo(int tokens) {
        BadArgumentException.unless(
                tokens >= 0 && tokens <= config().contextLength(),
                "padTo",
                tokens,
                "0 to %,d tokens, the context of %s".formatted(config().contextLength(), name()));
        paddedLength = tokens == 0 ? OptionalInt.empty() : OptionalInt.of(tokens);
        return this;
    }

    /** The length to which every text is padded; empty unless {@link #padTo} has set one. */
    public OptionalInt paddedLength() {
        return paddedLength;
    }

    /** To which texts are cut: the model's context, or what every text is padded to. */
    private int longest() {
        return paddedLength.orElse(config().contextLength());
    }

    /** Classifies one text, cut to the model's context. */
    public Prediction classify(String text) {
        BadArgumentException.required(text, "text");
        try (ModelLock.Use use = use(CLASSIFYING)) {
            int[] own = tokenizer().encodeCut(text, longest());
            BadArgumentException.unless(own.length > 0, "text", text, "a text of at least one token");
            int[] row = padded(own, paddedLength.orElse(own.length));
            return prediction(text, logits(new int[][] {row}, new int[] {own.length})[0]);
        }
    }

    Prediction prediction(String text, float[] logits) {
        checkFinite(logits, text);
        return multiLabel ? Prediction.ofEach(text, labels(), logits) : Prediction.of(text, labels(), logits);
    }

    /**
     * Classifies texts, each cut to the model's context, in batches of similar length: the same predictions as one by one, but
     * for the rounding of the last digits. An empty text counts as one padding token, as in an evaluation. Shows how far it has
     * come if there are many.
     *
     * @return in the order of the texts
     * @throws dev.lorikeet.base.StoppedException if the thread is interrupted
     */
    public Predictions classify(List<String> texts) {
        BadArgumentException.required(texts, "texts").forEach(text -> BadArgumentException.required(text, "a text"));
        try (ModelLock.Use use = use(CLASSIFYING)) {
            return classified(texts, rows(texts, longest()));
        }
    }

    /**
     * Classifies two texts that are read together, such as a statement and what may follow from it, cut to the model's context.
     *
     * @throws dev.lorikeet.base.LorikeetException if the model is no encoder
     */
    public Prediction classify(String text, String second) {
        return classify(
                        List.of(BadArgumentException.required(text, "text")),
                        List.of(BadArgumentException.required(second, "second")))
                .get(0);
    }

    /** Classifies pairs of texts, as {@link #classify(String, String)} does, in batches of similar length. */
    public Predictions classify(List<String> texts, List<String> seconds) {
        try (ModelLock.Use use = use(CLASSIFYING)) {
            List<TextRow> rows = rows(texts, seconds, longest());
            return classified(together(texts, seconds), rows);
        }
    }

    /**
     * Classifies the pairs of texts in two columns of a table.
     *
     * @return a copy of the table with the columns "predicted" and "confidence" (0 to 1) added
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column
     */
    public Table classify(Table table, String textColumn, String secondColumn) {
        return classify(column(table, textColumn), column(table, secondColumn)).addTo(table);
    }

    private Predictions classified(List<String> texts, List<TextRow> rows) {
        // The last position must be the text's own, as it is for a single text, unless each is padded alike.
        TextBatches batches = new TextBatches("Classifying", padId(), paddedLength, pooling != Pooling.LAST_POSITION);
        Prediction[] predictions = new Prediction[texts.size()];
        batches.each(rows, batch -> {
            float[][] logits = logits(batch.ids(), batch.lengths(), batch.tokenTypes());
            for (int i = 0; i < logits.length; i++) {
                int number = batch.numbers().get(i);
                predictions[number] = prediction(texts.get(number), logits[i]);
            }
        });
        return new Predictions(List.of(predictions));
    }

    /** Classifies the texts of a column; see {@link #classify(List)}. */
    public Predictions classify(Column<?> texts) {
        return classify(
                IntStream.range(0, texts.size()).mapToObj(texts::getString).toList());
    }

    /**
     * Classifies the texts in a column of a table; see {@link #classify(List)}.
     *
     * @param textColumn such as "message"
     * @return a copy of the table with the columns "predicted" and "confidence" (0 to 1) added
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column
     */
    public Table classify(Table table, String textColumn) {
        return classify(column(table, textColumn)).addTo(table);
    }

    /**
     * One row of logits (labels) for each row of ids.
     *
     * @param ids of equal length, padded on the right
     * @param lengths real tokens of each row
     */
    public float[][] logits(int[][] ids, int[] lengths) {
        return logits(ids, lengths, null);
    }

    /**
     * One row of logits (labels) for each row of ids.
     *
     * @param tokenTypes which of two texts each token belongs to; null where each row is one text
     */
    public float[][] logits(int[][] ids, int[] lengths, int[][] tokenTypes) {
        return outputs(input(ids, lengths, tokenTypes), rows(lengths, ids[0].length));
    }

    /**
     * One row of logits (batch, labels) in float32 for each row of ids.
     *
     * @param ids int64 (batch, time), padded on the right
     * @param lengths real tokens of each row
     */
    public NDArray logits(NDArray ids, int[] lengths, ForwardContext context) {
        long[] rows = rows(lengths, ids.getShape().get(1));
        NDArray hidden = transformer().hidden(ids, context);
        return transformer().logits(hidden, ids.getManager().create(rows), context);
    }

    /**
     * What a pass over padded rows reads. A decoder's tokens do not see the padding after them, so that it needs no mask.
     *
     * @param lengths real tokens of each row
     */
    public ModelInput input(int[][] ids, int[] lengths) {
        return input(ids, lengths, null);
    }

    /** What a pass over padded rows reads, with the types of the tokens of two texts in a row; null where each row is one text. */
    public ModelInput input(int[][] ids, int[] lengths, int[][] tokenTypes) {
        return new PooledRows(config(), pooling).input(ids, lengths, tokenTypes);
    }

    /**
     * The states that are classified, as row numbers of the flattened (batch · time), or of the texts where their mean is.
     *
     * @param lengths real tokens of each row
     * @param time tokens of a row, padding included
     */
    public long[] rows(int[] lengths, long time) {
        return new PooledRows(config(), pooling).rows(lengths, time);
    }
}
