package dev.lorikeet.spark;

import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.worker.GradientTask;
import dev.lorikeet.train.worker.GradientWorker;
import dev.lorikeet.train.worker.GradientWorker.VersionedValues;
import dev.lorikeet.train.worker.Gradients;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/** Computes the gradients of a task on an executor. */
final class GradientFunction implements Function<byte[], byte[]> {

    /** The micro-batches of a task, in groups of which each has its gradients added up. */
    record Request(List<List<GradientTask>> groups) implements Serializable {}

    /** The gradients of each group, and which executor computed them. */
    record Response(String executor, List<Gradients> gradients) implements Serializable {}

    /** How a run computes its gradients. */
    record GradientSettings(Loss loss, MemoryOptions memory) implements Serializable {}

    private final ModelHandle handle;
    private final GradientSettings settings;
    private final boolean sends;
    private final int update;
    private final Broadcast<byte[]> values;

    /**
     * @param settings null where the worker is there already
     * @param sends whether the values of the trained parameters are sent, or the model has them
     * @param update number of the update
     */
    GradientFunction(
            ModelHandle handle, GradientSettings settings, boolean sends, int update, Broadcast<byte[]> values) {
        this.handle = handle;
        this.settings = settings;
        this.sends = sends;
        this.update = update;
        this.values = values;
    }

    /** Defers reading the broadcast until a model lacks its values. */
    private record Sent(long version, Broadcast<byte[]> broadcast) implements VersionedValues {

        @Override
        public byte[] bytes() {
            return broadcast.value();
        }
    }

    private GradientWorker worker(LanguageModel model) {
        return new GradientWorker(model, settings.loss(), settings.memory());
    }

    @Override
    public byte[] call(byte[] request) {
        GradientWorker worker = ExecutorModel.checked(handle).user(GradientWorker.class, this::worker);
        Optional<VersionedValues> given = sends ? Optional.of(new Sent(update, values)) : Optional.empty();
        List<Gradients> gradients = ObjectBytes.read(request, Request.class).groups().stream()
                .peek(group -> KilledTasks.check())
                .map(group -> worker.compute(given, group))
                .toList();
        return ObjectBytes.of(new Response(SparkEnv.get().executorId(), gradients));
    }
}
