package dev.lorikeet.train;

import dev.lorikeet.data.Examples;
import dev.lorikeet.data.span.SpanData;
import dev.lorikeet.model.Tagger;
import dev.lorikeet.train.loss.LabelKind;
import dev.lorikeet.train.step.Objective;
import dev.lorikeet.train.step.TaggerObjective;

/** Fine-tunes a {@link Tagger} on texts with spans. */
public final class TaggerTuning extends DataTuning<SpanData, TaggerTuning> {

    private final Tagger model;

    TaggerTuning(Tagger model) {
        super(model, LabelKind.CLASS);
        this.model = model;
    }

    @Override
    TaggerTuning self() {
        return this;
    }

    @Override
    Objective objective() {
        return new TaggerObjective(model);
    }

    @Override
    Examples encode(SpanData data, int longest) {
        return data.encode(model.tokenizer(), model.scheme(), longest);
    }
}
