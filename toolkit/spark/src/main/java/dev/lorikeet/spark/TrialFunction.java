package dev.lorikeet.spark;

import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.train.TrainingPlan;
import dev.lorikeet.train.sweep.Trial;
import dev.lorikeet.train.sweep.TrialResult;
import dev.lorikeet.train.worker.DetachedBytes;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/** Runs a trial of a sweep. */
final class TrialFunction implements Function<byte[], byte[]> {

    private final ModelHandle handle;
    private final Broadcast<byte[]> plan;

    TrialFunction(ModelHandle handle, Broadcast<byte[]> plan) {
        this.handle = handle;
        this.plan = plan;
    }

    @Override
    public byte[] call(byte[] trial) {
        return ExecutorModel.checked(handle)
                .user(TrialWorker.class, TrialWorker::new)
                .run(ObjectBytes.read(trial, Trial.class), plan.value());
    }

    /** Lets the trials of one process take turns on its model. */
    static final class TrialWorker implements AutoCloseable {

        private final ReentrantLock turn = new ReentrantLock(true);
        private final LanguageModel model;

        TrialWorker(LanguageModel model) {
            this.model = model;
        }

        private byte[] run(Trial trial, byte[] plan) {
            try {
                turn.lockInterruptibly();
            } catch (InterruptedException e) {
                throw stopped();
            }
            try {
                TrialResult result = trial.run(TrainingPlan.read(plan, model), KilledTasks.checking());
                if (result.isInterrupted()) {
                    throw stopped();
                }
                return DetachedBytes.of(result, model);
            } finally {
                turn.unlock();
            }
        }

        private static StoppedException stopped() {
            return new StoppedException("A trial was stopped");
        }

        /** Waits until no trial runs. */
        @Override
        public void close() {
            turn.lock();
            turn.unlock();
        }
    }
}
