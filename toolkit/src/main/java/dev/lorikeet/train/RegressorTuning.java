package dev.lorikeet.train;

import dev.lorikeet.data.Examples;
import dev.lorikeet.data.number.ScoredTexts;
import dev.lorikeet.model.Regressor;
import dev.lorikeet.train.loss.LabelKind;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.Objective;
import dev.lorikeet.train.step.RegressorObjective;

/**
 * Fine-tunes a {@link Regressor} on texts with numbers: minimises the mean squared error. Training is steadiest with numbers around −1 to
 * 1.
 */
public final class RegressorTuning extends DataTuning<ScoredTexts, RegressorTuning> {

    private final Regressor model;

    RegressorTuning(Regressor model) {
        super(model, LabelKind.NUMBER);
        this.model = model;
    }

    @Override
    RegressorTuning self() {
        return this;
    }

    @Override
    Loss usualLoss() {
        return Loss.meanSquaredError();
    }

    @Override
    Objective objective() {
        return new RegressorObjective(model);
    }

    @Override
    Examples encode(ScoredTexts data, int longest) {
        if (!data.seconds().isEmpty()) {
            model.checkPairs();
        }
        return data.encode(model.tokenizer(), longest);
    }
}
