package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.DataSplits;
import dev.lorikeet.data.Examples;
import dev.lorikeet.model.TaskModel;
import dev.lorikeet.train.loss.LabelKind;
import dev.lorikeet.train.step.Objective;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fine-tunes a model with a task on data of one kind.
 *
 * @param <D> the kind of data
 * @param <T> the type of fine-tuning, which the setters return
 */
public abstract sealed class DataTuning<D, T extends DataTuning<D, T>> extends FineTune<T>
        permits RegressorTuning, TaggerTuning {

    private final TaskModel model;
    private final LabelKind kind;
    private D train;
    private D validation;
    private int batchSize = 8;

    DataTuning(TaskModel model, LabelKind kind) {
        super(model);
        this.model = model;
        this.kind = kind;
    }

    abstract Objective objective();

    /** Tokenises data, each text cut to so many tokens. */
    abstract Examples encode(D data, int longest);

    /** Sets the texts to train on. */
    public T on(D data) {
        this.train = BadArgumentException.required(data, "data");
        return self();
    }

    /** Sets the texts to train on and those to validate on. */
    public T on(DataSplits<D> splits) {
        BadArgumentException.required(splits, "splits");
        return on(splits.train()).validation(splits.validation());
    }

    /** Sets the texts to validate on. */
    public T validation(D data) {
        this.validation = BadArgumentException.required(data, "validation");
        return self();
    }

    /** Sets the texts in a micro-batch; 8 unless set. */
    public T batchSize(int value) {
        TuningSettings.atLeast(1, "batchSize", value, "at least 1 text");
        this.batchSize = value;
        return self();
    }

    @Override
    final int batchSize() {
        return batchSize;
    }

    @Override
    final Optional<String> data() {
        return Optional.ofNullable(train).map(Object::toString);
    }

    @Override
    final Task task(TuningSettings settings) {
        checkLoss(kind);
        if (train == null) {
            throw new LorikeetException("There is nothing to train on; set it with on(data) or on(splits)");
        }
        int longest = model.config().contextLength();
        Objective objective = objective();
        return new ExampleTask(
                model,
                objective,
                objective,
                Map.of(),
                settings,
                encode(train, longest),
                validation == null ? Examples.of(List.of(), 0, longest) : encode(validation, longest));
    }
}
