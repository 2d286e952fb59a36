package dev.lorikeet.train.worker;

import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.LossResult;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.TrainedParameters;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Computes gradients on a model for a run that another process steers. Threads take turns. */
public final class GradientWorker implements AutoCloseable {

    private final ReentrantLock turn = new ReentrantLock(true);
    private final BackwardPass backwardPass;
    private final TrainedParameters parameters;
    private long version = -1;

    /** @param model with its adapter; nobody else may use it at the same time */
    public GradientWorker(LanguageModel model, Loss loss, MemoryOptions memory) {
        this.backwardPass = new BackwardPass(model, loss, memory);
        this.parameters = TrainedParameters.of(model);
    }

    /** Values of all trained parameters that a run gives out before an update. */
    public interface VersionedValues {

        /** Counts up with each update. */
        long version();

        byte[] bytes();
    }

    /**
     * Computes the gradients of some micro-batches.
     *
     * @param values that the parameters should have; empty: those that they have
     * @throws StoppedException if the thread is interrupted
     */
    public Gradients compute(Optional<VersionedValues> values, List<GradientTask> tasks) {
        lock();
        try {
            values.filter(given -> given.version() != version).ifPresent(given -> {
                parameters.assign(given.bytes());
                version = given.version();
            });
            long start = System.nanoTime();
            LossResult all = LossResult.NONE;
            boolean complete = false;
            try {
                for (GradientTask task : tasks) {
                    StoppedException.check("Computing gradients was stopped");
                    all = all.plus(
                            backwardPass.accumulate(task.input(), task.factor(), task.dropoutSeed(), arrays -> {}));
                }
                complete = true;
            } finally {
                if (!complete) {
                    parameters.takeGradients();
                }
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Gradients(parameters.takeGradients(), all.loss(), all.correct(), seconds);
        } finally {
            turn.unlock();
        }
    }

    private void lock() {
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException e) {
            throw new StoppedException("Computing gradients was stopped");
        }
    }

    /** Waits until nobody computes, as after a call that was interrupted while other threads worked for it. */
    public void awaitIdle() {
        turn.lock();
        turn.unlock();
    }

    /** Frees what it holds beside the model, once nobody computes. */
    @Override
    public void close() {
        turn.lock();
        try {
            backwardPass.close();
        } finally {
            turn.unlock();
        }
    }
}
