package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Batches;
import dev.lorikeet.data.Example;
import dev.lorikeet.data.Examples;
import dev.lorikeet.data.RowTarget;
import dev.lorikeet.data.Splits;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Prediction;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.Regressor;
import dev.lorikeet.model.Tagger;
import dev.lorikeet.model.TaskModel;
import dev.lorikeet.model.block.FiniteCheck;
import dev.lorikeet.model.io.ModelLock;
import dev.lorikeet.train.score.Accuracies;
import dev.lorikeet.train.score.Calibration;
import dev.lorikeet.train.score.ClassificationReport;
import dev.lorikeet.train.score.ConfusionMatrix;
import dev.lorikeet.train.score.Mistakes;
import dev.lorikeet.train.score.RegressorEvaluation;
import dev.lorikeet.train.score.Score;
import dev.lorikeet.train.score.TaggerEvaluation;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.ClassifierObjective;
import dev.lorikeet.train.step.LossResult;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Evaluates a classifier on labelled texts: accuracy, loss and confusion matrix. Immutable; each setter returns a changed
 * copy. */
public final class Evaluation {

    static final String EVALUATING = "evaluating";

    private final Classifier model;
    private final int batchSize;
    private final OptionalInt batches;
    private final OptionalInt width;
    private final boolean quiet;

    private Evaluation(Classifier model, int batchSize, OptionalInt batches, OptionalInt width, boolean quiet) {
        this.model = model;
        this.quiet = quiet;
        this.batchSize = batchSize;
        this.batches = batches;
        this.width = width;
    }

    /** Evaluates a classifier on all examples, in batches of 8 that are padded to their longest, or as {@link Classifier#padTo} says. */
    public static Evaluation of(Classifier model) {
        BadArgumentException.required(model, "model");
        return new Evaluation(model, 8, OptionalInt.empty(), model.paddedLength(), false);
    }

    /** Evaluates a tagger on texts with spans. */
    public static TaggerEvaluation of(Tagger model) {
        return new TaggerEvaluation(model);
    }

    /** Evaluates a regressor on texts with numbers. */
    public static RegressorEvaluation of(Regressor model) {
        return new RegressorEvaluation(model);
    }

    /** Evaluates a language model on the next tokens of texts. */
    public static CausalEvaluation of(PretrainedModel model) {
        return new CausalEvaluation(BadArgumentException.required(model, "model"), Integer.MAX_VALUE, false);
    }

    /** Sets the number of examples in a batch; 8 unless set. The score does not depend on it. */
    public Evaluation batchSize(int size) {
        BadArgumentException.unless(size > 0, "batch size", size, "at least 1");
        return new Evaluation(model, size, batches, width, quiet);
    }

    /** Evaluates only the first {@code count} batches. */
    public Evaluation batches(int count) {
        BadArgumentException.unless(count > 0, "batches", count, "at least 1");
        return new Evaluation(model, batchSize, OptionalInt.of(count), width, quiet);
    }

    /** Pads every text to this many tokens; only changes results with {@link Classifier.Pooling#LAST_POSITION}. */
    public Evaluation padTo(int tokens) {
        int context = model.config().contextLength();
        BadArgumentException.unless(
                tokens > 0 && tokens <= context,
                "padTo",
                tokens,
                "1 to %,d tokens, the context of %s".formatted(context, model.name()));
        return new Evaluation(model, batchSize, batches, OptionalInt.of(tokens), quiet);
    }

    /** Shows no progress. */
    public Evaluation quietly() {
        return new Evaluation(model, batchSize, batches, width, true);
    }

    /** Evaluates the three splits of a data set. */
    public Accuracies on(Splits splits) {
        try (ModelLock.Use use = model.use(EVALUATING)) {
            List<Example> train = select(encode(splits.train()));
            List<Example> validation = select(encode(splits.validation()));
            List<Example> test = select(encode(splits.test()));
            try (Progress progress = progress(train.size() + validation.size() + test.size())) {
                return new Accuracies(
                        finite(score(train, progress, 0)),
                        finite(score(validation, progress, train.size())),
                        finite(score(test, progress, train.size() + validation.size())));
            }
        }
    }

    /**
     * Evaluates a table with the columns "label" and "text".
     *
     * @throws StoppedException if interrupted
     */
    public Score on(Table table) {
        try (ModelLock.Use use = model.use(EVALUATING)) {
            return finite(on(encode(table)));
        }
    }

    /** A training records a loss that is not finite; whoever asks for a score is told where it comes from. */
    private Score finite(Score score) {
        if (score.examples() > 0 && !Double.isFinite(score.loss())) {
            throw FiniteCheck.notFinite("The losses of " + model.name(), model.transformer());
        }
        return score;
    }

    Score on(List<Example> examples) {
        List<Example> selected = select(examples);
        try (Progress progress = progress(selected.size())) {
            return score(selected, progress, 0);
        }
    }

    /**
     * Computes the confusion matrix of a table with the columns "label" and "text".
     *
     * @throws StoppedException if interrupted
     */
    public ConfusionMatrix confusion(Table table) {
        checkOneLabel("confusion matrix");
        List<Prediction> predictions = predictions(table);
        List<String> actual = labels(table, predictions.size());
        int[][] counts = new int[model.labels().size()][model.labels().size()];
        for (int row = 0; row < predictions.size(); row++) {
            counts[model.labels().indexOf(actual.get(row))][
                    model.labels().indexOf(predictions.get(row).label())]++;
        }
        return ConfusionMatrix.of(model.labels(), counts);
    }

    /**
     * Computes precision, recall and F1 of each label, with their averages, on a table with the columns "label" and "text".
     *
     * @throws StoppedException if interrupted
     */
    public ClassificationReport report(Table table) {
        if (!model.isMultiLabel()) {
            return confusion(table).report();
        }
        List<boolean[]> predicted = predictions(table).stream()
                .map(prediction -> flags(prediction.labels()))
                .toList();
        List<boolean[]> actual =
                select(encode(table)).stream().map(Example::flags).toList();
        return ClassificationReport.ofEach(model.labels(), actual, predicted);
    }

    private boolean[] flags(List<String> holding) {
        boolean[] flags = new boolean[model.labels().size()];
        holding.forEach(label -> flags[model.labels().indexOf(label)] = true);
        return flags;
    }

    private void checkOneLabel(String what) {
        BadArgumentException.unless(
                !model.isMultiLabel(),
                what,
                "of texts with several labels",
                "a classifier with one label for each text; report(table) counts each label by itself");
    }

    /**
     * Finds the texts that are classified wrongly, in a table with the columns "label" and "text".
     *
     * @return the columns "text", "label", "predicted" and "confidence" (0 to 1), the most confident mistake first
     * @throws StoppedException if interrupted
     */
    public Table mistakes(Table table) {
        List<Prediction> predictions = predictions(table);
        return Mistakes.table(predictions, labels(table, predictions.size()));
    }

    /**
     * Compares how sure the classifier is with how often it is right, on a table with the columns "label" and "text".
     *
     * @throws StoppedException if interrupted
     */
    public Calibration calibration(Table table) {
        checkOneLabel("calibration");
        List<Prediction> predictions = predictions(table);
        return Calibration.of(predictions, labels(table, predictions.size()));
    }

    /**
     * Computes a metric of your own on a table with the columns "label" and "text".
     *
     * @param metric gets the labels and the predictions, both in the order of the rows
     * @throws StoppedException if interrupted
     */
    public double metric(Table table, ToDoubleBiFunction<List<String>, List<Prediction>> metric) {
        BadArgumentException.required(metric, "metric");
        List<Prediction> predictions = predictions(table);
        return metric.applyAsDouble(labels(table, predictions.size()), predictions);
    }

    /** The labels of the rows; several of a text as a prediction names them. */
    private List<String> labels(Table table, int rows) {
        if (model.isMultiLabel()) {
            return select(encode(table)).stream()
                    .map(example -> Prediction.named(holding(example)))
                    .toList();
        }
        Column<?> labels = table.column("label");
        return IntStream.range(0, rows).mapToObj(labels::getString).toList();
    }

    private List<String> holding(Example example) {
        return IntStream.range(0, example.flags().length)
                .filter(label -> example.flags()[label])
                .mapToObj(model.labels()::get)
                .toList();
    }

    /** Classifies the rows, in their order. */
    private List<Prediction> predictions(Table table) {
        try (ModelLock.Use use = model.use(EVALUATING)) {
            List<Example> selected = select(encode(table));
            List<String> texts = texts(table);
            Prediction[] predictions = new Prediction[selected.size()];
            int done = 0;
            try (Progress progress = progress(selected.size())) {
                for (Batch batch : selected.isEmpty()
                        ? List.<Batch>of()
                        : batched(numbered(selected)).epoch(0)) {
                    StoppedException.check("Evaluation was stopped; nothing has changed");
                    float[][] logits = logits(batch);
                    for (int i = 0; i < logits.length; i++) {
                        int row = batch.labels()[i];
                        predictions[row] = prediction(texts.get(row), logits[i]);
                    }
                    done += batch.size();
                    progress.at(done, "");
                }
            }
            return List.of(predictions);
        }
    }

    private static List<String> texts(Table table) {
        List<String> texts = Columns.strings(table, Columns.TEXT);
        if (!table.containsColumn(Columns.SECOND)) {
            return texts;
        }
        List<String> seconds = Columns.strings(table, Columns.SECOND);
        return IntStream.range(0, texts.size())
                .mapToObj(row -> TaskModel.together(texts.get(row), seconds.get(row)))
                .toList();
    }

    private Prediction prediction(String text, float[] logits) {
        return model.isMultiLabel()
                ? Prediction.ofEach(text, model.labels(), logits)
                : Prediction.of(text, model.labels(), logits);
    }

    /** Gives each example its row in place of its label, so that batches in another order tell which rows they hold. */
    private static List<Example> numbered(List<Example> examples) {
        return IntStream.range(0, examples.size())
                .mapToObj(row -> examples.get(row).with(new RowTarget.OneLabel(row)))
                .toList();
    }

    /** @throws dev.lorikeet.base.NonFiniteException if a logit is NaN or infinite */
    private float[][] logits(Batch batch) {
        float[][] rows = model.logits(batch.ids(), batch.lengths(), batch.segmentIds());
        for (float[] row : rows) {
            FiniteCheck.logits(row, model.transformer(), () -> "The logits of " + model.name());
        }
        return rows;
    }

    private Batches batched(List<Example> selected) {
        Batches batched = Batches.of(selected).size(batchSize).padId(model.padId());
        return width.isPresent() ? batched.padTo(width.getAsInt()) : batched;
    }

    private List<Example> encode(Table table) {
        if (table.containsColumn(Columns.SECOND)) {
            model.checkPairs();
        }
        return Examples.encode(
                table,
                model.tokenizer(),
                model.labels(),
                width.orElse(model.config().contextLength()),
                model.isMultiLabel());
    }

    private List<Example> select(List<Example> examples) {
        return batches.isEmpty()
                ? examples
                : examples.subList(0, (int) Math.min(examples.size(), (long) batches.getAsInt() * batchSize));
    }

    @Override
    public String toString() {
        return "Evaluation of %s in batches of %d".formatted(model.name(), batchSize);
    }

    /** @param before examples that the progress bar counts already */
    private Score score(List<Example> selected, Progress progress, int before) {
        if (selected.isEmpty()) {
            return Score.of(LossResult.NONE, 0);
        }
        ClassifierObjective objective = new ClassifierObjective(model);
        LossResult all = LossResult.NONE;
        int done = before;
        for (Batch batch : batched(selected).epoch(0)) {
            StoppedException.check("Evaluation was stopped; nothing has changed");
            all = all.plus(BackwardPass.evaluate(model, objective.lossInput(batch), 0));
            done += batch.size();
            progress.at(done, "");
        }
        return Score.of(all, selected.size());
    }

    private Progress progress(int examples) {
        return quiet
                ? Progress.silent("Evaluating", examples)
                : Progress.start("Evaluating", examples).in("examples");
    }
}
