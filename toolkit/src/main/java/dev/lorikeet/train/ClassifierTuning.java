package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.Example;
import dev.lorikeet.data.Examples;
import dev.lorikeet.data.Splits;
import dev.lorikeet.data.stream.TextStream;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.TokenCheck;
import dev.lorikeet.train.loss.ClassWeights;
import dev.lorikeet.train.loss.LabelKind;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.ClassifierObjective;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tech.tablesaw.api.Table;

/** Fine-tunes a {@link Classifier}. */
public final class ClassifierTuning extends FineTune<ClassifierTuning> {

    private final Classifier model;
    private Splits splits;
    private TextStream stream;
    private Table validation;
    private int batchSize = 8;
    private OptionalInt width = OptionalInt.empty();
    private ClassWeights classWeights = ClassWeights.EQUAL;

    ClassifierTuning(Classifier model) {
        super(model);
        this.model = model;
    }

    /** Sets the training and validation splits; of the test split only the labels and tokens are checked. */
    public ClassifierTuning on(Splits value) {
        this.splits = BadArgumentException.required(value, "splits");
        this.stream = null;
        return this;
    }

    /**
     * Sets texts that are read while the training goes on, for sets larger than memory; {@link #validation(Table)} sets what to validate
     * on. Texts are shuffled within windows of a thousand.
     */
    public ClassifierTuning on(TextStream value) {
        this.stream = BadArgumentException.required(value, "stream");
        this.splits = null;
        return this;
    }

    /** Sets the rows to validate on, with the columns "label" and "text", where the training texts are a stream. */
    public ClassifierTuning validation(Table value) {
        this.validation = BadArgumentException.required(value, "validation");
        return this;
    }

    /** Sets the examples in a micro-batch; 8 unless set. */
    public ClassifierTuning batchSize(int value) {
        TuningSettings.atLeast(1, "batchSize", value, "at least 1 text");
        this.batchSize = value;
        return this;
    }

    /** Pads and truncates every text to so many tokens, as Appendix E does to 120. Unless it is set, {@link Classifier#padTo} counts. */
    public ClassifierTuning padTo(int tokens) {
        int context = model.config().contextLength();
        BadArgumentException.unless(
                tokens >= 1 && tokens <= context,
                "padTo",
                tokens,
                String.format(Locale.ROOT, "1 to %,d tokens, the context of %s", context, model.name()));
        this.width = OptionalInt.of(tokens);
        return this;
    }

    /**
     * Weights the texts of these labels in the loss, which becomes a weighted mean, as in PyTorch; labels that are not named count
     * once. Evaluations do not weight.
     *
     * @throws dev.lorikeet.base.UnknownNameException if the model has no such label
     */
    public ClassifierTuning classWeights(Map<String, Double> weights) {
        this.classWeights = ClassWeights.of(BadArgumentException.required(weights, "class weights"), model.labels());
        return this;
    }

    /** Weights each label by how rare it is in the training split, as scikit-learn's "balanced": all labels count the same in sum. */
    public ClassifierTuning balancedClassWeights() {
        this.classWeights = ClassWeights.BALANCED;
        return this;
    }

    @Override
    ClassifierTuning self() {
        return this;
    }

    @Override
    int batchSize() {
        return batchSize;
    }

    @Override
    OptionalInt width() {
        return width.isPresent() ? width : model.paddedLength();
    }

    @Override
    Optional<String> data() {
        return stream != null
                ? Optional.of(stream.toString())
                : Optional.ofNullable(splits)
                        .map(all -> String.format(
                                Locale.ROOT,
                                "%,d texts, %,d to validate",
                                all.train().rowCount(),
                                all.validation().rowCount()));
    }

    @Override
    Loss usualLoss() {
        return model.isMultiLabel() ? Loss.binaryCrossEntropy() : super.usualLoss();
    }

    @Override
    Task task(TuningSettings settings) {
        checkLoss(model.isMultiLabel() ? LabelKind.CLASSES : LabelKind.CLASS);
        BadArgumentException.unless(
                !model.isMultiLabel() || classWeights == ClassWeights.EQUAL,
                "class weights",
                "of a classifier with several labels for a text",
                "none; a loss of your own can weight its labels");
        if (stream != null) {
            BadArgumentException.unless(
                    classWeights == ClassWeights.EQUAL && !model.isMultiLabel(),
                    "training texts",
                    stream,
                    "splits, where there are class weights or several labels for a text");
            return new StreamTask(model, stream, Optional.ofNullable(validation), settings);
        }
        if (splits == null) {
            throw new LorikeetException("There is nothing to train on; set it with on(splits)");
        }
        Examples examples = encode(splits.train(), settings);
        Examples held = encode(splits.validation(), settings);
        Examples test = encode(splits.test(), settings);
        TokenCheck.check(model, "the test texts", test.stream().map(Example::ids));
        double[] weights = weights(examples);
        Map<String, String> properties = Map.of(
                "pooling",
                model.pooling().toString(),
                "class_weights",
                weights.length == 0 ? "" : Arrays.toString(weights));
        return new ExampleTask(
                model,
                new ClassifierObjective(model, weights),
                new ClassifierObjective(model),
                properties,
                settings,
                examples,
                held);
    }

    private double[] weights(Examples examples) {
        return model.isMultiLabel()
                ? new double[0]
                : classWeights.of(
                        model.labels(),
                        examples.stream().mapToInt(Example::label).toArray());
    }

    private Examples encode(Table table, TuningSettings settings) {
        if (table.containsColumn(Columns.SECOND)) {
            model.checkPairs();
        }
        return Examples.encode(
                table,
                model.tokenizer(),
                model.labels(),
                settings.width().orElse(model.config().contextLength()),
                model.isMultiLabel());
    }
}
