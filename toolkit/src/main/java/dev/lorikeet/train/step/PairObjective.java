package dev.lorikeet.train.step;

import dev.lorikeet.data.pair.PairBatch;
import dev.lorikeet.model.CausalModel;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.embed.TextPooling;
import dev.lorikeet.model.input.ModelInput;

/**
 * Brings the vectors of texts that belong together near each other.
 *
 * @param scale factor on similarities
 */
public record PairObjective(CausalModel model, TextPooling pooling, double scale) implements Objective<PairBatch> {

    @Override
    public LossInput lossInput(PairBatch batch) {
        ModelInput input = ModelInput.padded(batch.ids(), batch.lengths(), ForwardContext.Reading.MEAN);
        return new PairInput(input, pooling, scale, batch.same());
    }

    @Override
    public int targets(PairBatch batch) {
        return batch.size();
    }

    @Override
    public int examples(PairBatch batch) {
        return batch.size();
    }

    @Override
    public long tokens(PairBatch batch) {
        return batch.tokens();
    }

    @Override
    public long positions(PairBatch batch) {
        return (long) batch.ids().length * batch.width();
    }
}
