package dev.lorikeet.train;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.Documents;
import dev.lorikeet.model.CausalModel;

/** The fine-tuning of a {@link CausalModel}: next-token prediction on texts. */
public final class CausalTuning extends FineTune<CausalTuning> {

    private final CausalModel model;
    private Documents train;
    private Documents validation;

    CausalTuning(CausalModel model) {
        super(model);
        this.model = model;
    }

    /** The texts to learn from, in the batches that they say. */
    public CausalTuning on(Documents value) {
        this.train = value;
        return this;
    }

    /** The texts to watch: without them nothing is measured while training but the loss of its own steps. */
    public CausalTuning validation(Documents value) {
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
        return new CausalTask(model, documents(), validation, settings);
    }

    private Documents documents() {
        if (train == null) {
            throw new LorikeetException("There is nothing to train on; say so with on(documents)");
        }
        return train;
    }
}
