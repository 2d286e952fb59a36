package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.block.FiniteCheck;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.ForwardContext.Reading;
import dev.lorikeet.model.block.Parameters;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.block.Weight;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.input.ModelInput;
import dev.lorikeet.model.io.ClassifierHead;
import dev.lorikeet.model.io.FolderExport;
import dev.lorikeet.model.io.GgufType;
import dev.lorikeet.model.io.LoadedModel;
import dev.lorikeet.model.io.ModelLock;
import dev.lorikeet.model.io.SavedModel;
import dev.lorikeet.model.io.WeightSource;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.InitialValues;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** A model that assigns a text to one of a few labels, from the state of one of its tokens. */
public final class Classifier extends LanguageModel {

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

    private final List<String> labels;
    private Pooling pooling;
    private OptionalInt paddedLength = OptionalInt.empty();
    private boolean multiLabel;

    private Classifier(LoadedModel parts, Adapters adapters, List<String> labels) {
        super(parts, adapters);
        this.labels = labels;
        this.pooling = usual(parts.config());
    }

    private static Pooling usual(ModelConfig config) {
        return config.encoder()
                .map(encoder -> encoder.averages() ? Pooling.MEAN : Pooling.FIRST_TOKEN)
                .orElse(Pooling.LAST_TOKEN);
    }

    /** Makes a classifier with a new head. */
    static Classifier on(LoadedModel parts, Adapters adapters, List<String> labels, long seed) {
        long width = parts.config().hiddenSize();
        SplittableRandom random = new SplittableRandom(seed);
        double bound = 1 / Math.sqrt(width);
        if (parts.transformer().pooler() == null) {
            NewPooler.of(parts, shape -> uniform(parts.manager(), shape, bound, random))
                    .ifPresent(parts.transformer()::addPooler);
        }
        NDArray weight = uniform(parts.manager(), new Shape(labels.size(), width), bound, random);
        NDArray bias = uniform(parts.manager(), new Shape(labels.size()), bound, random);
        return on(parts, adapters, labels, weight, bias);
    }

    /** Makes a classifier with a head that was trained already, and freezes it as all loaded models are. */
    static Classifier of(LoadedModel parts, WeightSource source, ClassifierHead head) {
        long labels = head.labels().size();
        TensorSpec bias = ClassifierHead.bias(parts.config(), labels);
        Classifier classifier = on(
                parts,
                new Adapters(),
                head.labels(),
                source.take(ClassifierHead.weight(parts.config(), labels), parts.manager()),
                source.has(bias)
                        ? source.take(bias, parts.manager())
                        : parts.manager().zeros(new Shape(labels)));
        classifier.multiLabel = head.multiLabel();
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

    private static Classifier on(
            LoadedModel parts, Adapters adapters, List<String> labels, NDArray headWeight, NDArray headBias) {
        Transformer transformer = parts.transformer();
        String path = Families.named(parts.config().family()).classifierPath();
        Parameter weight = Parameters.frozen(path + ".weight", headWeight);
        Parameter bias = Parameters.frozen(path + ".bias", headBias);
        for (Parameter parameter : List.of(weight, bias)) {
            Parameters.change(parameter, true, transformer.computeDtype());
        }
        NDManager host = transformer.projections().get(0).host();
        transformer.replaceHead(
                new Projection(path, Weight.of(weight, host), bias, transformer.computeDtype(), host, List.of()));
        return new Classifier(parts, adapters, labels);
    }

    private static NDArray uniform(NDManager manager, Shape shape, double bound, SplittableRandom random) {
        return InitialValues.draw(manager, shape, () -> random.nextDouble() * 2 * bound - bound);
    }

    @Override
    public Classifier merge() {
        mergeAdapters();
        return this;
    }

    @Override
    SavedModel write(Path folder, DType dtype, long largestFile) {
        Optional<String> token = pooling == usual(config()) ? Optional.empty() : Optional.of(pooling.name());
        return new FolderExport(
                        parts(),
                        activeNames(),
                        dtype,
                        largestFile,
                        Optional.of(new ClassifierHead(labels, token, multiLabel)))
                .write(folder);
    }

    /** Throws, since GGUF has no place for a classifier's head; {@link #save(Path)} writes a folder instead. */
    @Override
    public SavedModel saveGguf(Path file, GgufType type) {
        throw new LorikeetException(
                ("A GGUF file cannot hold a classifier: the format has no place for a head with labels. "
                                + "Save a folder with classifier.%ssave(\"folder\") and load it with Models.classifier(\"folder\")")
                        .formatted(adapters().in(Adapter.State.ACTIVE).isEmpty() ? "" : "merge()."));
    }

    /** The labels, in the order of the classes. */
    public List<String> labels() {
        return labels;
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

    /** The ids of a text, cut to the model's context or to what every text is padded to. */
    int[] encodeCut(String text) {
        return tokenizer().encodeCut(text, paddedLength.orElse(config().contextLength()));
    }

    /** Fills a row of ids up to a length. */
    int[] padded(int[] ids, int length) {
        return parts().padded(ids, length);
    }

    /** Classifies one text, cut to the model's context. */
    public Prediction classify(String text) {
        BadArgumentException.required(text, "text");
        try (ModelLock.Use use = use(CLASSIFYING)) {
            int[] own = encodeCut(text);
            BadArgumentException.unless(own.length > 0, "text", text, "a text of at least one token");
            int[] row = padded(own, paddedLength.orElse(own.length));
            return prediction(text, logits(new int[][] {row}, new int[] {own.length})[0]);
        }
    }

    /** @throws dev.lorikeet.base.NonFiniteException if a logit is NaN or infinite */
    Prediction prediction(String text, float[] logits) {
        FiniteCheck.logits(logits, transformer(), () -> "The logits of %s for the text \"%s\"".formatted(name(), text));
        return multiLabel ? Prediction.ofEach(text, labels, logits) : Prediction.of(text, labels, logits);
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
            return new BatchClassification(this, texts).run();
        }
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
     * @throws UnknownNameException if there is no such column
     */
    public Table classify(Table table, String textColumn) {
        if (!table.containsColumn(textColumn)) {
            throw new UnknownNameException("column", textColumn, table.columnNames());
        }
        return classify(table.column(textColumn)).addTo(table);
    }

    /**
     * One row of logits (labels) for each row of ids.
     *
     * @param ids of equal length, padded on the right
     * @param lengths real tokens of each row
     */
    public float[][] logits(int[][] ids, int[] lengths) {
        float[] all;
        try (NDManager scope = manager().newSubManager()) {
            ForwardContext context = input(ids, lengths).context(scope, false);
            all = logits(ids(scope, ids), lengths, context).toFloatArray();
        }
        float[][] rows = new float[ids.length][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(all, i * labels.size(), (i + 1) * labels.size()));
        return rows;
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
        if (!config().isEncoder() && pooling != Pooling.MEAN) {
            return ModelInput.of(ids, null);
        }
        return ModelInput.padded(ids, lengths, pooling == Pooling.MEAN ? Reading.MEAN : Reading.POOLED);
    }

    /**
     * The states that are classified, as row numbers of the flattened (batch · time), or of the texts where their mean is.
     *
     * @param lengths real tokens of each row
     * @param time tokens of a row, padding included
     */
    public long[] rows(int[] lengths, long time) {
        long[] rows = new long[lengths.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = switch (pooling) {
                case FIRST_TOKEN -> i * time;
                case MEAN -> i;
                case LAST_TOKEN -> i * time + lengths[i] - 1;
                case LAST_POSITION -> (i + 1) * time - 1;
            };
        }
        return rows;
    }
}
