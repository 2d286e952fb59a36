package dev.lorikeet.train;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Batches;
import dev.lorikeet.data.Example;
import dev.lorikeet.data.Examples;
import dev.lorikeet.data.Splits;
import dev.lorikeet.model.CausalModel;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.block.ForwardContext;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import tech.tablesaw.api.Table;

/** Measures a classifier on labelled texts. Immutable; each setting gives a changed copy. */
public final class Evaluation {

    private final Classifier model;
    private final int batchSize;
    private final OptionalInt batches;
    private final OptionalInt width;
    private final boolean silent;

    private Evaluation(Classifier model, int batchSize, OptionalInt batches, OptionalInt width, boolean silent) {
        this.model = model;
        this.silent = silent;
        this.batchSize = batchSize;
        this.batches = batches;
        this.width = width;
    }

    /** On all examples, in batches of 8 padded to their longest. */
    public static Evaluation of(Classifier model) {
        return new Evaluation(model, 8, OptionalInt.empty(), OptionalInt.empty(), false);
    }

    /** How well a language model predicts the next token. */
    public static CausalEvaluation of(CausalModel model) {
        return new CausalEvaluation(model, Integer.MAX_VALUE, false);
    }

    /** Examples in a batch; 8 unless set. The score does not depend on it. */
    public Evaluation batchSize(int size) {
        BadArgumentException.unless(size > 0, "batch size", size, "at least 1");
        return new Evaluation(model, size, batches, width, silent);
    }

    /** Looks at the first so many batches only. */
    public Evaluation batches(int count) {
        BadArgumentException.unless(count > 0, "batches", count, "at least 1");
        return new Evaluation(model, batchSize, OptionalInt.of(count), width, silent);
    }

    /** Pads every text to this many tokens; matters with {@link Classifier.Pooling#LAST_POSITION} only. */
    public Evaluation padTo(int tokens) {
        BadArgumentException.unless(tokens > 0, "padTo", tokens, "at least 1 token");
        return new Evaluation(model, batchSize, batches, OptionalInt.of(tokens), silent);
    }

    /** Shows no progress, as a part of something that does. */
    Evaluation silently() {
        return new Evaluation(model, batchSize, batches, width, true);
    }

    /** The accuracies on the three parts of a data set. */
    public Accuracies on(Splits splits) {
        List<Example> train = chosen(encode(splits.train()));
        List<Example> validation = chosen(encode(splits.validation()));
        List<Example> test = chosen(encode(splits.test()));
        try (Progress progress = progress(train.size() + validation.size() + test.size())) {
            return new Accuracies(
                    score(train, progress, 0),
                    score(validation, progress, train.size()),
                    score(test, progress, train.size() + validation.size()));
        }
    }

    /**
     * The score on a table with columns label and text.
     *
     * @throws StoppedException if interrupted; nothing has changed
     */
    public Score on(Table table) {
        return on(encode(table));
    }

    Score on(List<Example> examples) {
        List<Example> chosen = chosen(examples);
        try (Progress progress = progress(chosen.size())) {
            return score(chosen, progress, 0);
        }
    }

    /**
     * Which labels the model gives to which of a table's texts.
     *
     * @throws StoppedException if interrupted; nothing has changed
     */
    public ConfusionMatrix confusion(Table table) {
        List<Example> chosen = chosen(encode(table));
        int[][] counts = new int[model.labels().size()][model.labels().size()];
        int done = 0;
        try (Progress progress = progress(chosen.size())) {
            for (Batch batch : order(chosen).epoch(0)) {
                StoppedException.check("Evaluation was stopped; nothing has changed");
                int[] said = likeliest(batch);
                for (int i = 0; i < said.length; i++) {
                    counts[batch.labels()[i]][said[i]]++;
                }
                done += batch.size();
                progress.at(done, "");
            }
        }
        return ConfusionMatrix.of(model.labels(), counts);
    }

    private int[] likeliest(Batch batch) {
        try (NDManager scope = model.manager().newSubManager()) {
            return Arrays.stream(model.logits(
                                    model.ids(scope, batch.ids()), batch.lengths(), ForwardContext.of(scope, false))
                            .argMax(1)
                            .toLongArray())
                    .mapToInt(Math::toIntExact)
                    .toArray();
        }
    }

    private Batches order(List<Example> chosen) {
        Batches order = Batches.of(chosen).size(batchSize).padId(model.padId());
        return width.isPresent() ? order.padTo(width.getAsInt()) : order;
    }

    private List<Example> encode(Table table) {
        return Examples.encode(
                table, model.tokenizer(), model.labels(), model.config().contextLength());
    }

    private List<Example> chosen(List<Example> examples) {
        return batches.isEmpty()
                ? examples
                : examples.subList(0, (int) Math.min(examples.size(), (long) batches.getAsInt() * batchSize));
    }

    /** @param before examples that the progress has counted already */
    private Score score(List<Example> chosen, Progress progress, int before) {
        if (chosen.isEmpty()) {
            return Score.of(new LossResult(0, 0), 0);
        }
        ClassifierObjective objective = new ClassifierObjective(model);
        long right = 0;
        double loss = 0;
        int done = before;
        for (Batch batch : order(chosen).epoch(0)) {
            StoppedException.check("Evaluation was stopped; nothing has changed");
            LossResult answer = BackwardPass.score(model, objective.question(batch), 0);
            loss += answer.loss();
            right += answer.right();
            done += batch.size();
            progress.at(done, "");
        }
        return Score.of(new LossResult(loss, right), chosen.size());
    }

    private Progress progress(int examples) {
        return silent ? Progress.silent("Evaluating", examples) : Progress.start("Evaluating", examples);
    }
}
