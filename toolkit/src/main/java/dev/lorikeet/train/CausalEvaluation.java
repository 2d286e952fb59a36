package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.CausalBatches;
import dev.lorikeet.data.Documents;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.block.FiniteCheck;
import dev.lorikeet.model.io.ModelLock;
import dev.lorikeet.train.score.TokenScore;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.CausalObjective;
import dev.lorikeet.train.step.LossInput;
import dev.lorikeet.train.step.LossResult;
import dev.lorikeet.train.step.MemoryOptions;
import java.util.List;

/** Evaluates a language model on texts: loss, perplexity and accuracy of the next token. Immutable; each setter returns a
 * changed copy. */
public final class CausalEvaluation {

    private final PretrainedModel model;
    private final int maxBatches;
    private final boolean quiet;

    CausalEvaluation(PretrainedModel model, int maxBatches, boolean quiet) {
        this.model = model;
        this.maxBatches = maxBatches;
        this.quiet = quiet;
    }

    /** Evaluates only the first {@code count} batches. */
    public CausalEvaluation batches(int count) {
        BadArgumentException.unless(count > 0, "batches", count, "at least 1");
        return new CausalEvaluation(model, count, quiet);
    }

    /** Shows no progress. */
    public CausalEvaluation quietly() {
        return new CausalEvaluation(model, maxBatches, true);
    }

    /** Evaluates one text, cut to the model's context, in a single forward pass. */
    public TokenScore on(String text) {
        try (ModelLock.Use use = model.use(Evaluation.EVALUATING)) {
            int[] row = model.encode(text);
            BadArgumentException.unless(row.length > 1, "text", text, "a text of at least two tokens");
            Batch batch = Batch.of(new int[][] {row});
            LossInput input = new CausalObjective(model).lossInput(batch);
            return finite(TokenScore.of(
                    BackwardPass.evaluate(model, input, MemoryOptions.DEFAULT.lossRows()), batch.targetCount()));
        }
    }

    /**
     * Evaluates documents; the score is the mean over all predicted tokens.
     *
     * @throws StoppedException if interrupted
     */
    public TokenScore on(Documents documents) {
        try (ModelLock.Use use = model.use(Evaluation.EVALUATING)) {
            return finite(score(model, documents.sortedBatches(model.tokenizer()), maxBatches, quiet));
        }
    }

    private TokenScore finite(TokenScore score) {
        if (score.tokens() > 0 && !Double.isFinite(score.loss())) {
            throw FiniteCheck.notFinite("The losses of " + model.name(), model.transformer());
        }
        return score;
    }

    @Override
    public String toString() {
        return "Evaluation of " + model.name();
    }

    static TokenScore score(PretrainedModel model, CausalBatches batches, int maxBatches, boolean quiet) {
        CausalObjective objective = new CausalObjective(model);
        List<Batch> selected = batches.epoch(0);
        selected = selected.subList(0, Math.min(selected.size(), maxBatches));
        LossResult all = LossResult.NONE;
        long targets = 0;
        String title = "Evaluating";
        try (Progress progress = quiet
                ? Progress.silent(title, selected.size())
                : Progress.start(title, selected.size()).in("batches")) {
            for (int i = 0; i < selected.size(); i++) {
                StoppedException.check("Evaluation was stopped; nothing has changed");
                all = all.plus(BackwardPass.evaluate(
                        model, objective.lossInput(selected.get(i)), MemoryOptions.DEFAULT.lossRows()));
                targets += selected.get(i).targetCount();
                progress.at(i + 1L, "");
            }
        }
        return TokenScore.of(all, targets);
    }
}
