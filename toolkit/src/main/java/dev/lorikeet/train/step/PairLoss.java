package dev.lorikeet.train.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.tensor.Autograd;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.train.loss.Loss;

/**
 * The loss of pairs with in-batch negatives (Henderson et al. 2017): the first text of each pair should be nearer to its second text than
 * to those of all other pairs of the batch. The similarities of one first text are its logits; the right class is its own pair.
 */
final class PairLoss implements OutputLoss {

    private final NDManager scope;
    private final Transformer transformer;
    private final ForwardContext context;
    private final PairInput input;
    private double loss;
    private double correct;

    PairLoss(NDManager scope, Transformer transformer, ForwardContext context, PairInput input) {
        this.scope = scope;
        this.transformer = transformer;
        this.context = context;
        this.input = input;
    }

    @Override
    public void evaluate(NDArray hidden) {
        NDArray logits = logits(hidden, context);
        count(Loss.crossEntropy().of(logits, labels()).sum(), logits);
    }

    @Override
    public void accumulate(NDArray hidden, Loss minimised, double factor) {
        NDArray logits = Autograd.recorded(() -> logits(hidden, context));
        NDArray sum = Autograd.recorded(() -> minimised.of(logits, labels()).sum());
        Autograd.backward(sum, scope.create((float) factor));
        count(sum, logits);
    }

    private void count(NDArray sum, NDArray logits) {
        loss += sum.getFloat();
        correct += logits.argMax(1).eq(labels()).sum().getLong();
    }

    @Override
    public LossResult result() {
        return new LossResult(loss, correct);
    }

    @Override
    public NDArray labels() {
        return scope.arange(input.pairs()).toType(DataType.INT64, false);
    }

    @Override
    public NDArray logits(NDArray hidden, ForwardContext pass) {
        int pairs = input.pairs();
        NDArray states = transformer.normalised(hidden, pass);
        NDArray vectors =
                Ops.textVectors(states, pass.paddingMask(), input.pooling().ordinal(), true);
        NDArray first = vectors.get("0:{}", pairs);
        NDArray second = vectors.get("{}:", pairs);
        NDArray cosines = first.matMul(second.transpose());
        return cosines.mul(Loss.constant(input.scale(), cosines)).add(excluded());
    }

    /** −∞ for texts that are no negatives, as they equal the right ones. */
    private NDArray excluded() {
        int pairs = input.pairs();
        float[] mask = new float[pairs * pairs];
        for (int i = 0; i < mask.length; i++) {
            boolean other = i / pairs != i % pairs;
            mask[i] = other && input.same()[i / pairs][i % pairs] ? Float.NEGATIVE_INFINITY : 0;
        }
        return scope.create(mask, new Shape(pairs, pairs)).duplicate();
    }
}
