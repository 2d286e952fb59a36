package dev.lorikeet.train;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.Splits;
import dev.lorikeet.model.Classifier;
import java.util.OptionalInt;

/** Fine-tunes a {@link Classifier}. */
public final class ClassifierTuning extends FineTune<ClassifierTuning> {

    private final Classifier model;
    private Splits splits;
    private int batchSize = 8;
    private OptionalInt width = OptionalInt.empty();

    ClassifierTuning(Classifier model) {
        super(model);
        this.model = model;
    }

    /** Sets the training and validation splits; the test split is not used. */
    public ClassifierTuning on(Splits value) {
        this.splits = value;
        return this;
    }

    /** Sets the examples in a micro-batch; 8 unless set. */
    public ClassifierTuning batchSize(int value) {
        this.batchSize = value;
        return this;
    }

    /** Pads and truncates every text to so many tokens, as Appendix E does to 120; to the longest of each batch unless set. */
    public ClassifierTuning padTo(int tokens) {
        this.width = OptionalInt.of(tokens);
        return this;
    }

    @Override
    ClassifierTuning self() {
        return this;
    }

    @Override
    int batchSize() {
        return batchSize;
    }

    @Override
    OptionalInt width() {
        return width;
    }

    @Override
    Task<?> task(TuningSettings settings) {
        if (splits == null) {
            throw new LorikeetException("There is nothing to train on; set it with on(splits)");
        }
        return new ClassifierTask(model, splits, settings);
    }
}
