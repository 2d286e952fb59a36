package dev.lorikeet.train.step;

import dev.lorikeet.data.Batch;
import dev.lorikeet.model.LanguageModel;
import java.io.Serializable;

/** The training objective: turns a batch into the input of the loss. */
public interface Objective extends Serializable {

    /** The model that is trained. */
    LanguageModel model();

    /** What the model reads of the batch, and what it should say. */
    LossInput lossInput(Batch batch);

    /** How much the targets of a batch count together; the loss is their weighted mean. */
    default double weight(Batch batch) {
        return batch.targetCount();
    }
}
