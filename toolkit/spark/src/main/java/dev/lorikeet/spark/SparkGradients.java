package dev.lorikeet.spark;

import dev.lorikeet.data.Batch;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.spark.SparkCluster.Grouping;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.GradientSource;
import dev.lorikeet.train.step.LossResult;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.MicroBatch;
import dev.lorikeet.train.step.TrainedParameters;
import dev.lorikeet.train.worker.GradientTask;
import dev.lorikeet.train.worker.GradientWorker;
import dev.lorikeet.train.worker.Gradients;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Gradients of a run from the executors: an update is a job. The values of the trained parameters go out by a broadcast; the gradients
 * come back and are added in the order of the micro-batches, as one process adds them.
 */
final class SparkGradients implements GradientSource {

    private final JavaSparkContext context;
    private final TrainedParameters parameters;
    private final ModelHandle handle;
    private final GradientSettings settings;
    private final boolean sends;
    private final Grouping grouping;
    private final StepTimes times;
    private final Runnable release;
    private int updates;

    private SparkGradients(
            JavaSparkContext context,
            LanguageModel model,
            ModelHandle handle,
            GradientSettings settings,
            boolean sends,
            Grouping grouping,
            StepTimes times,
            Runnable release) {
        this.context = context;
        this.parameters = TrainedParameters.of(model);
        this.handle = handle;
        this.settings = settings;
        this.sends = sends;
        this.grouping = grouping;
        this.times = times;
        this.release = release;
    }

    /** Tasks that use the model of this process. */
    static SparkGradients inThisProcess(
            JavaSparkContext context,
            LanguageModel model,
            Loss loss,
            MemoryOptions memory,
            Grouping grouping,
            StepTimes times) {
        ModelHandle handle = ModelHandle.lent(model.computeDtype());
        ExecutorModel.lend(handle, model).user(GradientWorker.class, lent -> new GradientWorker(model, loss, memory));
        return new SparkGradients(
                context, model, handle, null, false, grouping, times, () -> ExecutorModel.takeBack(handle));
    }

    /** Tasks that use copies of the model. */
    static SparkGradients onExecutors(
            JavaSparkContext context,
            LanguageModel model,
            ModelShipment shipment,
            GradientSettings settings,
            Grouping grouping,
            StepTimes times) {
        return new SparkGradients(context, model, shipment.handle(), settings, true, grouping, times, shipment::close);
    }

    @Override
    public LossResult accumulate(
            List<MicroBatch> microBatches, BiConsumer<Batch, BackwardPass.MicroBatchArrays> observer) {
        long start = System.nanoTime();
        double slowest = 0;
        Broadcast<byte[]> values = context.broadcast(sends ? parameters.values() : new byte[0]);
        try {
            GradientFunction function = new GradientFunction(handle, settings, sends, updates++, values);
            LossResult all = LossResult.NONE;
            for (Response response : Jobs.run(context, "An update", requests(microBatches), function, Response.class)) {
                double computing = 0;
                for (Gradients gradients : response.gradients()) {
                    parameters.addGradients(gradients.values());
                    all = all.plus(gradients.result());
                    computing += gradients.seconds();
                }
                slowest = Math.max(slowest, computing);
            }
            times.add((System.nanoTime() - start) / 1e9, slowest);
            return all;
        } finally {
            values.destroy();
        }
    }

    private List<Request> requests(List<MicroBatch> microBatches) {
        int all = microBatches.size();
        int count = grouping.tasks() == 0 ? all : Math.min(grouping.tasks(), all);
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<GradientTask> part = microBatches.subList(all * i / count, all * (i + 1) / count).stream()
                    .map(GradientTask::of)
                    .toList();
            requests.add(new Request(
                    grouping.sums()
                            ? List.of(part)
                            : part.stream().map(List::of).toList()));
        }
        return requests;
    }

    /** The micro-batches of a task, in groups of which each has its gradients added up. */
    record Request(List<List<GradientTask>> groups) implements Serializable {}

    /** The gradients of each group. */
    record Response(List<Gradients> gradients) implements Serializable {}

    /**
     * How a run computes its gradients.
     *
     * @param expected of the model
     */
    record GradientSettings(Loss loss, MemoryOptions memory, ModelFacts expected) implements Serializable {}

    @Override
    public void close() {
        release.run();
    }
}
