package dev.lorikeet.train.step;

import dev.lorikeet.model.input.ModelInput;

/**
 * The input of the loss: what the model reads, and which positions should predict which labels.
 *
 * @param input token ids
 * @param rows indices into the flattened (batch · time) positions, or of texts where their means are taken; one for each label
 * @param labels token ids or classes, at least one
 * @param weights how much each label counts in the loss; null: all count once
 */
public record LossInput(ModelInput input, long[] rows, long[] labels, float[] weights) {

    int[][] ids() {
        return input.ids();
    }
}
