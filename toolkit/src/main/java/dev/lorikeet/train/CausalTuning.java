package dev.lorikeet.train;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.Documents;
import dev.lorikeet.model.CausalModel;
import java.util.function.UnaryOperator;
import tech.tablesaw.api.Table;

/** The fine-tuning of a {@link CausalModel}: next-token prediction on texts. */
public final class CausalTuning extends FineTune<CausalTuning> {

    /** As TRL has it. */
    private static final int LONGEST = 1024;

    private final CausalModel model;
    private Documents train;
    private UnaryOperator<Documents> arrangement = UnaryOperator.identity();
    private Documents validation;
    private String validationName = "validation";

    CausalTuning(CausalModel model) {
        super(model);
        this.model = model;
    }

    /** The texts to learn from, in the batches that they say. */
    public CausalTuning on(Documents value) {
        this.train = value;
        return this;
    }

    /**
     * The texts in a column, as supervised fine-tuning has them: each a row with an end token after it, at most 1,024 tokens
     * (or the model's context), 4 to a batch, shuffled with the run's seed, padded on the right with the tokenizer's padding
     * token, which is the end token where it has no other; and one epoch. What is set later holds instead.
     *
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column
     */
    public CausalTuning onText(Table table, String column) {
        on(Documents.of(table, column)
                .length(Math.min(LONGEST, model.config().contextLength()))
                .batch(4));
        this.arrangement = documents -> documents.shuffled(seed());
        return epochs(1);
    }

    /** Rows in a batch, in place of what the texts say. */
    public CausalTuning batchSize(int rows) {
        return arrange(documents -> documents.batch(rows));
    }

    /** Most tokens of a row, in place of what the texts say. */
    public CausalTuning length(int tokens) {
        return arrange(documents -> documents.length(tokens));
    }

    /** Batches of rows of like length, shuffled with the run's seed; see {@link Documents#groupByLength}. */
    public CausalTuning groupByLength() {
        return arrange(documents -> documents.groupByLength(seed()));
    }

    /** Several whole texts in a row; see {@link Documents#packed}. */
    public CausalTuning packed() {
        return arrange(Documents::packed);
    }

    /** Learns the completions alone; see {@link Documents#completionOnly}. */
    public CausalTuning completionOnly() {
        return arrange(Documents::completionOnly);
    }

    private CausalTuning arrange(UnaryOperator<Documents> next) {
        UnaryOperator<Documents> before = arrangement;
        this.arrangement = documents -> next.apply(before.apply(documents));
        return this;
    }

    /** The texts to watch: without them nothing is measured while training but the loss of its own steps. */
    public CausalTuning validation(Documents value) {
        return validation("validation", value);
    }

    /** The texts to watch, under a name by which {@link Checkpoints#keepBest} can mean them. */
    public CausalTuning validation(String splitName, Documents value) {
        this.validationName = splitName;
        this.validation = value;
        return this;
    }

    @Override
    CausalTuning self() {
        return this;
    }

    @Override
    int batchSize() {
        return documents().batchSize();
    }

    @Override
    Task<?> task(TuningSettings settings) {
        return new CausalTask(model, documents(), validation, validationName, settings);
    }

    private Documents documents() {
        if (train == null) {
            throw new LorikeetException(
                    "There is nothing to train on; say so with on(documents) or onText(table, column)");
        }
        return arrangement.apply(train);
    }
}
