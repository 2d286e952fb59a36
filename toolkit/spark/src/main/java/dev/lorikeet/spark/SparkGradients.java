package dev.lorikeet.spark;

import dev.lorikeet.data.Batch;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.spark.GradientFunction.GradientSettings;
import dev.lorikeet.spark.GradientFunction.Request;
import dev.lorikeet.spark.GradientFunction.Response;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Gradients of a run from the executors: an update is a job. The values of the trained parameters go out by a broadcast; the gradients
 * come back and are added in the order of the micro-batches, as one process adds them.
 */
final class SparkGradients implements GradientSource {

    private static final String UPDATE = "An update";

    private final JavaSparkContext context;
    private final TrainedParameters parameters;
    private final ModelHandle handle;
    private final GradientSettings settings;
    private final Grouping grouping;
    private final StepTimes times;
    private final Workers workers;
    private int updates;

    private SparkGradients(
            JavaSparkContext context,
            LanguageModel model,
            ModelHandle handle,
            GradientSettings settings,
            Grouping grouping,
            StepTimes times,
            Workers workers) {
        this.context = context;
        this.parameters = TrainedParameters.of(model);
        this.handle = handle;
        this.settings = settings;
        this.grouping = grouping;
        this.times = times;
        this.workers = workers;
    }

    /**
     * Where tasks compute.
     *
     * @param sends whether the values of the trained parameters must be sent there
     * @param awaitIdle waits after a job was cancelled until no task uses this process's model
     * @param release lets go of what was prepared
     */
    private record Workers(boolean sends, Runnable awaitIdle, Runnable release) {}

    /** Tasks that use the model of this process. */
    static SparkGradients inThisProcess(
            JavaSparkContext context,
            LanguageModel model,
            Loss loss,
            MemoryOptions memory,
            Grouping grouping,
            StepTimes times) {
        ModelHandle handle = ModelHandle.lent(model.computeDtype());
        GradientWorker worker = ExecutorModel.lend(handle, model)
                .user(GradientWorker.class, lent -> new GradientWorker(lent, loss, memory));
        return new SparkGradients(
                context,
                model,
                handle,
                null,
                grouping,
                times,
                new Workers(false, worker::awaitIdle, () -> ExecutorModel.takeBack(handle)));
    }

    /** Tasks that use copies of the model. */
    static SparkGradients onExecutors(
            JavaSparkContext context,
            LanguageModel model,
            ModelShipment shipment,
            GradientSettings settings,
            Grouping grouping,
            StepTimes times) {
        return new SparkGradients(
                context,
                model,
                shipment.handle(),
                settings,
                grouping,
                times,
                new Workers(true, () -> {}, shipment::close));
    }

    @Override
    public LossResult accumulate(
            List<MicroBatch> microBatches, BiConsumer<Batch, BackwardPass.MicroBatchArrays> observer) {
        return Jobs.interruptibly(UPDATE, () -> accumulate(microBatches));
    }

    private LossResult accumulate(List<MicroBatch> microBatches) {
        long start = System.nanoTime();
        Map<String, Double> computing = new HashMap<>();
        Broadcast<byte[]> values = context.broadcast(workers.sends() ? parameters.values() : new byte[0]);
        boolean complete = false;
        try {
            GradientFunction function = new GradientFunction(handle, settings, workers.sends(), updates++, values);
            LossResult all = LossResult.NONE;
            for (Response response : Jobs.run(context, UPDATE, requests(microBatches), function, Response.class)) {
                for (Gradients gradients : response.gradients()) {
                    parameters.addGradients(gradients.values());
                    all = all.plus(gradients.result());
                    computing.merge(response.executor(), gradients.seconds(), Double::sum);
                }
            }
            times.add((System.nanoTime() - start) / 1e9, busiest(computing));
            complete = true;
            return all;
        } finally {
            if (!complete) {
                workers.awaitIdle().run();
            }
            values.destroy();
        }
    }

    /** The seconds of the executor that computed the longest, one micro-batch after the other. */
    private static double busiest(Map<String, Double> computing) {
        return computing.values().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }

    /** The micro-batches of each task. */
    private List<Request> requests(List<MicroBatch> microBatches) {
        long all = microBatches.size();
        int count = (int) (grouping.tasks() == 0 ? all : Math.min(grouping.tasks(), all));
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<GradientTask> part =
                    microBatches.subList((int) (all * i / count), (int) (all * (i + 1) / count)).stream()
                            .map(GradientTask::of)
                            .toList();
            requests.add(new Request(
                    grouping.sums()
                            ? List.of(part)
                            : part.stream().map(List::of).toList()));
        }
        return requests;
    }

    @Override
    public void close() {
        workers.release().run();
    }
}
