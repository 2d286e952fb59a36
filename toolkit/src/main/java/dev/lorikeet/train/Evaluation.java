package dev.lorikeet.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Batches;
import dev.lorikeet.data.Example;
import dev.lorikeet.data.Examples;
import dev.lorikeet.data.Splits;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.tensor.Ops;
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
        return new Accuracies(on(splits.train()), on(splits.validation()), on(splits.test()));
    }

    /**
     * The score on a table with columns label and text.
     *
     * @throws StoppedException if interrupted; nothing has changed
     */
    public Score on(Table table) {
        int context = model.config().context();
        return on(Examples.encode(table, model.tokenizer(), model.labels(), context));
    }

    Score on(List<Example> examples) {
        List<Example> chosen = batches.isEmpty()
                ? examples
                : examples.subList(0, (int) Math.min(examples.size(), (long) batches.getAsInt() * batchSize));
        if (chosen.isEmpty()) {
            return new Score(Double.NaN, Double.NaN, 0);
        }
        Batches order =
                Batches.of(chosen).size(batchSize).padId(model.tokenizer().pad().orElse(0));
        ClassifierObjective objective = new ClassifierObjective(model);
        int right = 0;
        double loss = 0;
        try (Progress progress = progress(chosen.size())) {
            int done = 0;
            for (Batch batch : (width.isPresent() ? order.padTo(width.getAsInt()) : order).epoch(0)) {
                StoppedException.check("Evaluation was stopped; nothing has changed");
                try (NDManager scope = model.manager().newSubManager()) {
                    Objective.Scored scored = objective.score(scope, batch, false);
                    loss += Ops.crossEntropy(scored.logits(), scored.labels(), 1, false)
                            .getFloat();
                    right += right(scored.logits(), batch.labels());
                }
                done += batch.size();
                progress.at(done, "");
            }
        }
        return new Score((double) right / chosen.size(), loss / chosen.size(), chosen.size());
    }

    private Progress progress(int examples) {
        return silent ? Progress.silent("Evaluating", examples) : Progress.start("Evaluating", examples);
    }

    private static int right(NDArray logits, int[] labels) {
        long[] chosen = logits.argMax(1).toLongArray();
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += chosen[i] == labels[i] ? 1 : 0;
        }
        return right;
    }
}
