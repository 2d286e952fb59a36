package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.CausalBatch;
import dev.lorikeet.data.CausalBatches;
import dev.lorikeet.data.Documents;
import dev.lorikeet.model.CausalModel;
import java.util.List;

/** Measures how well a model predicts the next token of some texts. Immutable; each setting gives a changed copy. */
public final class CausalEvaluation {

    private final CausalModel model;
    private final int most;
    private final boolean quiet;

    CausalEvaluation(CausalModel model, int most, boolean quiet) {
        this.model = model;
        this.most = most;
        this.quiet = quiet;
    }

    /** Looks at the first so many batches only. */
    public CausalEvaluation batches(int count) {
        BadArgumentException.unless(count > 0, "batches", count, "at least 1");
        return new CausalEvaluation(model, count, quiet);
    }

    /** Shows no progress. */
    public CausalEvaluation quietly() {
        return new CausalEvaluation(model, most, true);
    }

    /** The score on one text, cut to the model's context: a single forward pass. */
    public TokenScore on(String text) {
        int[] row = model.encode(text);
        BadArgumentException.unless(row.length > 1, "text", text, "a text of at least two tokens");
        CausalBatch batch = CausalBatch.of(new int[][] {row});
        LossInput question = new CausalObjective(model).question(batch);
        return TokenScore.of(BackwardPass.score(model, question, MemoryOptions.DEFAULT.lossRows()), batch.targets());
    }

    /**
     * The mean over all tokens that are to be predicted.
     *
     * @throws StoppedException if interrupted; nothing has changed
     */
    public TokenScore on(Documents documents) {
        return score(model, documents.sortedBatches(model.tokenizer()), most, quiet);
    }

    static TokenScore score(CausalModel model, CausalBatches batches, int most, boolean silent) {
        CausalObjective objective = new CausalObjective(model);
        List<CausalBatch> chosen = batches.epoch(0);
        chosen = chosen.subList(0, Math.min(chosen.size(), most));
        double loss = 0;
        long right = 0;
        long targets = 0;
        String title = "Evaluating";
        try (Progress progress =
                silent ? Progress.silent(title, chosen.size()) : Progress.start(title, chosen.size())) {
            for (int i = 0; i < chosen.size(); i++) {
                StoppedException.check("Evaluation was stopped; nothing has changed");
                LossResult answer =
                        BackwardPass.score(model, objective.question(chosen.get(i)), MemoryOptions.DEFAULT.lossRows());
                loss += answer.loss();
                right += answer.right();
                targets += chosen.get(i).targets();
                progress.at(i + 1L, "");
            }
        }
        return TokenScore.of(new LossResult(loss, right), targets);
    }
}
