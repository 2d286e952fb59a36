package dev.lorikeet.train.step;

import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.Batch;
import java.util.List;
import java.util.function.BiConsumer;

/** Where a run's gradients come from: a {@link BackwardPass} on this machine, or other machines. */
public interface GradientSource extends AutoCloseable {

    /**
     * Adds the gradients of some micro-batches to those of the trained parameters, in their order.
     *
     * @param observer sees each micro-batch's arrays before they are freed, if they are on this machine
     * @return the sum of their losses
     * @throws StoppedException if the thread is interrupted; the caller drops what was added
     */
    LossResult accumulate(List<MicroBatch> microBatches, BiConsumer<Batch, BackwardPass.MicroBatchArrays> observer);

    /** Bytes that it holds between two updates on the model's device. */
    default long keptBytes() {
        return 0;
    }

    @Override
    void close();
}
