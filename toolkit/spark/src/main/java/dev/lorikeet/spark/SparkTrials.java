package dev.lorikeet.spark;

import dev.lorikeet.train.TrainingPlan;
import dev.lorikeet.train.score.Score;
import dev.lorikeet.train.sweep.Trial;
import dev.lorikeet.train.sweep.TrialResult;
import dev.lorikeet.train.sweep.TrialRunner;
import dev.lorikeet.train.worker.DetachedBytes;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Runs the trials of a sweep on the executors: each is a job, so that its result is there when it ends. */
final class SparkTrials {

    private static final String TRIAL = "A trial";

    private record TrialJob(Trial trial, JavaFutureAction<List<byte[]>> future) {

        boolean hasEnded() {
            return future.isDone() && !future.isCancelled();
        }
    }

    private final JavaSparkContext context;
    private final TrainingPlan plan;
    private final TrialRunner.Listener listener;

    SparkTrials(JavaSparkContext context, TrainingPlan plan, TrialRunner.Listener listener) {
        this.context = context;
        this.plan = plan;
        this.listener = listener;
    }

    void run(ModelHandle handle, List<Trial> trials) {
        Broadcast<byte[]> sent = context.broadcast(plan.bytes());
        TrialFunction function = new TrialFunction(handle, sent);
        Queue<TrialJob> jobs = new ArrayDeque<>();
        try {
            trials.forEach(trial -> jobs.add(new TrialJob(
                    trial,
                    context.parallelize(List.of(ObjectBytes.of(trial)), 1)
                            .map(function)
                            .collectAsync())));
            while (!jobs.isEmpty()) {
                listener.ended(result(jobs.element()));
                jobs.remove();
            }
        } finally {
            // After an interrupt some have ended that nobody has waited for yet.
            jobs.stream().filter(TrialJob::hasEnded).forEach(job -> listener.ended(result(job)));
            jobs.forEach(job -> job.future.cancel(true));
            sent.destroy();
        }
    }

    /** A trial whose executors died as often as Spark lets them is a result too, so that the others are not lost. */
    private TrialResult result(TrialJob job) {
        try {
            return DetachedBytes.read(job.future.get().get(0), TrialResult.class, plan.model());
        } catch (InterruptedException e) {
            throw Jobs.stopped(TRIAL);
        } catch (ExecutionException e) {
            String failure = Jobs.failed(TRIAL, e.getCause()).getMessage();
            return new TrialResult(job.trial, 0, Optional.empty(), Score.NONE, failure);
        }
    }
}
