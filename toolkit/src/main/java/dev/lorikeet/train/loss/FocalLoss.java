package dev.lorikeet.train.loss;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.base.BadArgumentException;
import java.io.Serializable;

/**
 * See {@link Loss#focal}.
 *
 * @param gamma 0 or more
 */
record FocalLoss(double gamma) implements Loss, Serializable {

    FocalLoss {
        BadArgumentException.unless(
                gamma >= 0 && Double.isFinite(gamma), "gamma of the focal loss", gamma, "0 or more, such as 2");
    }

    @Override
    public NDArray of(NDArray logits, NDArray labels) {
        NDArray right = CrossEntropy.rightLogProbabilities(logits.logSoftmax(1), labels);
        return right.exp()
                .neg()
                .add(1)
                .pow(Loss.constant(gamma, logits))
                .mul(right)
                .neg();
    }

    @Override
    public boolean fits(LabelKind kind) {
        return kind == LabelKind.CLASS;
    }

    @Override
    public String toString() {
        return "focal loss with gamma " + gamma;
    }
}
