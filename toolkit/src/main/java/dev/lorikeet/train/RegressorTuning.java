package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.DataSplits;
import dev.lorikeet.data.Examples;
import dev.lorikeet.data.number.ScoredTexts;
import dev.lorikeet.model.Regressor;
import dev.lorikeet.train.loss.LabelKind;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.RegressorObjective;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fine-tunes a {@link Regressor}: minimises the mean squared error. Training is steadiest with numbers around −1 to 1. */
public final class RegressorTuning extends FineTune<RegressorTuning> {

    private final Regressor model;
    private ScoredTexts train;
    private ScoredTexts validation;
    private int batchSize = 8;

    RegressorTuning(Regressor model) {
        super(model);
        this.model = model;
    }

    /** Sets the texts to train on. */
    public RegressorTuning on(ScoredTexts data) {
        this.train = BadArgumentException.required(data, "data");
        return this;
    }

    /** Sets the texts to train on and those to validate on. */
    public RegressorTuning on(DataSplits<ScoredTexts> splits) {
        BadArgumentException.required(splits, "splits");
        return on(splits.train()).validation(splits.validation());
    }

    /** Sets the texts to validate on. */
    public RegressorTuning validation(ScoredTexts data) {
        this.validation = BadArgumentException.required(data, "validation");
        return this;
    }

    /** Sets the texts in a micro-batch; 8 unless set. */
    public RegressorTuning batchSize(int value) {
        TuningSettings.atLeast(1, "batchSize", value, "at least 1 text");
        this.batchSize = value;
        return this;
    }

    @Override
    RegressorTuning self() {
        return this;
    }

    @Override
    int batchSize() {
        return batchSize;
    }

    @Override
    Optional<String> data() {
        return Optional.ofNullable(train).map(ScoredTexts::toString);
    }

    @Override
    Loss usualLoss() {
        return Loss.meanSquaredError();
    }

    @Override
    Task task(TuningSettings settings) {
        checkLoss(LabelKind.NUMBER);
        if (train == null) {
            throw new LorikeetException("There is nothing to train on; set it with on(data) or on(splits)");
        }
        RegressorObjective objective = new RegressorObjective(model);
        return new ExampleTask(model, objective, objective, Map.of(), settings, encode(train), encode(validation));
    }

    private Examples encode(ScoredTexts data) {
        int longest = model.config().contextLength();
        return data == null ? Examples.of(List.of(), 0, longest) : data.encode(model.tokenizer(), longest);
    }
}
