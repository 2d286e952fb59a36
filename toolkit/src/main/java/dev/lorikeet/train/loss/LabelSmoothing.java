package dev.lorikeet.train.loss;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.base.BadArgumentException;
import java.io.Serializable;

/**
 * See {@link Loss#labelSmoothing}.
 *
 * @param share 0 to 1
 */
record LabelSmoothing(double share) implements Loss, Serializable {

    LabelSmoothing {
        BadArgumentException.unless(share >= 0 && share < 1, "label smoothing", share, "0 to 1, such as 0.1");
    }

    @Override
    public NDArray of(NDArray logits, NDArray labels) {
        NDArray logProbabilities = logits.logSoftmax(1);
        NDArray right = CrossEntropy.rightLogProbabilities(logProbabilities, labels);
        NDArray all = logProbabilities.mean(new int[] {1});
        return right.mul(Loss.constant(share - 1, logits)).sub(all.mul(Loss.constant(share, logits)));
    }

    @Override
    public boolean fits(LabelKind kind) {
        return kind == LabelKind.CLASS;
    }

    @Override
    public String toString() {
        return "cross-entropy with label smoothing " + share;
    }
}
