package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.pair.Pairs;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.embed.TextPooling;
import dev.lorikeet.train.step.PairObjective;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import tech.tablesaw.api.Table;

/**
 * Trains the vectors of texts on pairs that belong together, such as a question and its answer: each text is drawn to its partner and
 * away from the partners of the other pairs in the batch (in-batch negatives, Henderson et al. 2017). The bigger the batch, the
 * better it works.
 */
public final class PairTuning extends FineTune<PairTuning> {

    /** As sentence-transformers' MultipleNegativesRankingLoss has it. */
    private static final double SCALE = 20;

    private final PretrainedModel model;
    private Table train;
    private Table validation;
    private String first;
    private String second;
    private int batchSize = 16;
    private OptionalInt longest = OptionalInt.empty();
    private double scale = SCALE;

    PairTuning(PretrainedModel model) {
        super(model);
        this.model = model;
    }

    /**
     * Sets the pairs: two columns of a table.
     *
     * @param firstColumn such as "question"
     * @param secondColumn such as "answer"
     */
    public PairTuning on(Table table, String firstColumn, String secondColumn) {
        this.train = BadArgumentException.required(table, "table");
        this.first = BadArgumentException.required(firstColumn, "first column");
        this.second = BadArgumentException.required(secondColumn, "second column");
        return this;
    }

    /** Sets pairs to validate on, in columns of the same names. Their accuracy is the share of texts whose partner is the nearest. */
    public PairTuning validation(Table table) {
        this.validation = BadArgumentException.required(table, "table");
        return this;
    }

    /** Sets the pairs in a batch; 16 unless set. */
    public PairTuning batchSize(int pairs) {
        TuningSettings.atLeast(2, "batchSize", pairs, "at least 2 pairs, as each is a negative of the others");
        this.batchSize = pairs;
        return this;
    }

    /** Cuts texts to so many tokens; unless set as its embedder does. */
    public PairTuning longest(int tokens) {
        int context = model.config().contextLength();
        BadArgumentException.unless(
                tokens >= 2 && tokens <= context,
                "longest",
                tokens,
                String.format(Locale.ROOT, "2 to %,d tokens, the context of %s", context, model.name()));
        this.longest = OptionalInt.of(tokens);
        return this;
    }

    /** Sets the factor on similarities, the inverse of a temperature; 20 unless set, as in sentence-transformers. */
    public PairTuning scale(double value) {
        BadArgumentException.unless(
                value > 0 && Double.isFinite(value), "scale", value, "a positive number, such as 20");
        this.scale = value;
        return this;
    }

    @Override
    PairTuning self() {
        return this;
    }

    @Override
    int batchSize() {
        return batchSize;
    }

    @Override
    Optional<String> data() {
        return Optional.ofNullable(train).map(table -> String.format(Locale.ROOT, "%,d pairs", table.rowCount()));
    }

    @Override
    Task task(TuningSettings settings) {
        if (train == null) {
            throw new LorikeetException("There is nothing to train on; set it with on(table, first, second)");
        }
        TextPooling pooling = model.embedder().pooling();
        return new PairTask(
                new PairObjective(model, pooling, scale),
                encode(train),
                validation == null ? Optional.empty() : Optional.of(encode(validation)),
                settings);
    }

    private Pairs encode(Table table) {
        return Pairs.encode(
                table,
                first,
                second,
                model.tokenizer(),
                longest.orElse(model.embedder().longest()));
    }
}
