package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.Documents;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.train.checkpoint.Checkpoints;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tech.tablesaw.api.Table;

/** Fine-tunes a {@link PretrainedModel}: next-token prediction on texts. */
public final class CausalTuning extends FineTune<CausalTuning> {

    /** TRL's default maximum length. */
    private static final int MAX_LENGTH = 1024;

    private final PretrainedModel model;
    private Documents train;
    private UnaryOperator<Documents> documentSettings = UnaryOperator.identity();
    private Documents validation;
    private String validationName = "validation";

    CausalTuning(PretrainedModel model) {
        super(model);
        this.model = model;
    }

    /** Sets the training documents, with their length and batch size. */
    public CausalTuning on(Documents value) {
        this.train = BadArgumentException.required(value, "documents");
        return this;
    }

    /**
     * Sets the texts of a column as training documents with the defaults of supervised fine-tuning: each text with an end token
     * is a row of at most 1,024 tokens (or the model's context); 4 rows to a batch, shuffled with the run's seed, padded on the
     * right with the tokenizer's padding token or else its end token; one epoch. Later setters override these values.
     *
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column
     */
    public CausalTuning onText(Table table, String column) {
        on(Documents.of(table, column)
                .length(Math.min(MAX_LENGTH, model.config().contextLength()))
                .batch(4));
        this.documentSettings = documents -> documents.shuffled(seed());
        return epochs(1);
    }

    /** Sets the rows in a batch and overrides the documents. */
    public CausalTuning batchSize(int rows) {
        TuningSettings.atLeast(1, "batchSize", rows, "at least 1 row");
        return setDocuments(documents -> documents.batch(rows));
    }

    /** Sets the maximum tokens of a row and overrides the documents. */
    public CausalTuning length(int tokens) {
        int context = model.config().contextLength();
        BadArgumentException.unless(
                tokens >= 2 && tokens <= context,
                "length",
                tokens,
                String.format(Locale.ROOT, "2 to %,d tokens, the context of %s", context, model.name()));
        return setDocuments(documents -> documents.length(tokens));
    }

    /** Puts rows of similar length into the same batch, shuffled with the run's seed; see {@link Documents#groupByLength}. */
    public CausalTuning groupByLength() {
        return setDocuments(documents -> documents.groupByLength(seed()));
    }

    /** Packs several whole texts into a row; see {@link Documents#packed}. */
    public CausalTuning packed() {
        return setDocuments(Documents::packed);
    }

    /** Computes the loss on the completions only; see {@link Documents#completionOnly}. */
    public CausalTuning completionOnly() {
        return setDocuments(Documents::completionOnly);
    }

    private CausalTuning setDocuments(UnaryOperator<Documents> next) {
        UnaryOperator<Documents> before = documentSettings;
        this.documentSettings = documents -> next.apply(before.apply(documents));
        return this;
    }

    /** Sets the validation documents; without them only the losses of the steps are recorded. */
    public CausalTuning validation(Documents value) {
        return validation("validation", value);
    }

    /** Sets the validation documents and the name of their split for {@link Checkpoints#keepBest}. */
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
    Optional<String> data() {
        return Optional.ofNullable(train).map(documents -> documents().toString());
    }

    @Override
    Task task(TuningSettings settings) {
        return new CausalTask(model, documents(), validation, validationName, settings);
    }

    private Documents documents() {
        if (train == null) {
            throw new LorikeetException(
                    "There is nothing to train on; set it with on(documents) or onText(table, column)");
        }
        return documentSettings.apply(train);
    }
}
