package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.DataSplits;
import dev.lorikeet.data.Examples;
import dev.lorikeet.data.span.SpanData;
import dev.lorikeet.model.Tagger;
import dev.lorikeet.train.loss.LabelKind;
import dev.lorikeet.train.step.TaggerObjective;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fine-tunes a {@link Tagger}. */
public final class TaggerTuning extends FineTune<TaggerTuning> {

    private final Tagger model;
    private SpanData train;
    private SpanData validation;
    private int batchSize = 8;

    TaggerTuning(Tagger model) {
        super(model);
        this.model = model;
    }

    /** Sets the texts to train on. */
    public TaggerTuning on(SpanData data) {
        this.train = BadArgumentException.required(data, "data");
        return this;
    }

    /** Sets the texts to train on and those to validate on. */
    public TaggerTuning on(DataSplits<SpanData> splits) {
        BadArgumentException.required(splits, "splits");
        return on(splits.train()).validation(splits.validation());
    }

    /** Sets the texts to validate on. */
    public TaggerTuning validation(SpanData data) {
        this.validation = BadArgumentException.required(data, "validation");
        return this;
    }

    /** Sets the texts in a micro-batch; 8 unless set. */
    public TaggerTuning batchSize(int value) {
        TuningSettings.atLeast(1, "batchSize", value, "at least 1 text");
        this.batchSize = value;
        return this;
    }

    @Override
    TaggerTuning self() {
        return this;
    }

    @Override
    int batchSize() {
        return batchSize;
    }

    @Override
    Optional<String> data() {
        return Optional.ofNullable(train).map(SpanData::toString);
    }

    @Override
    Task task(TuningSettings settings) {
        checkLoss(LabelKind.CLASS);
        if (train == null) {
            throw new LorikeetException("There is nothing to train on; set it with on(data) or on(splits)");
        }
        TaggerObjective objective = new TaggerObjective(model);
        return new ExampleTask(model, objective, objective, Map.of(), settings, encode(train), encode(validation));
    }

    private Examples encode(SpanData data) {
        return data == null
                ? Examples.of(List.of(), 0, model.config().contextLength())
                : data.encode(model.tokenizer(), model.scheme(), model.config().contextLength());
    }
}
