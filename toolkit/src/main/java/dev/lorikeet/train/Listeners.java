package dev.lorikeet.train;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.translate.Batchifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.train.history.History;
import dev.lorikeet.train.step.BackwardPass;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Calls DJL's training listeners. They expect a {@link Trainer}, so one is created for them, only if there are listeners; it
 * does nothing else.
 */
final class Listeners implements AutoCloseable {

    private final List<TrainingListener> listeners;
    private final Model model;
    private final Trainer trainer;
    private final int batchesPerEpoch;
    private long batches;

    private Listeners(List<TrainingListener> listeners, Model model, Trainer trainer, int batchesPerEpoch) {
        this.listeners = listeners;
        this.model = model;
        this.trainer = trainer;
        this.batchesPerEpoch = batchesPerEpoch;
    }

    /**
     * Creates the trainer and calls {@link TrainingListener#onTrainingBegin}.
     *
     * @param batchesPerEpoch micro-batches in an epoch
     */
    static Listeners of(List<TrainingListener> listeners, LanguageModel trained, int batchesPerEpoch) {
        if (listeners.isEmpty()) {
            return new Listeners(listeners, null, null, batchesPerEpoch);
        }
        Model model = Model.newInstance(trained.name(), trained.device(), "PyTorch");
        model.setBlock(trained.transformer());
        DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new Device[] {trained.device()})
                .addTrainingListeners(listeners.toArray(TrainingListener[]::new));
        boolean created = false;
        try {
            Trainer trainer = model.newTrainer(config);
            // DJL's own listeners report through the metrics only.
            trainer.setMetrics(new Metrics());
            created = true;
            return new Listeners(listeners, model, trainer, batchesPerEpoch);
        } finally {
            if (!created) {
                model.close();
            }
        }
    }

    /**
     * Calls the listeners after the backward pass of a micro-batch, while its arrays are open.
     *
     * @param examples number of examples in the micro-batch
     */
    void batch(int examples, BackwardPass.MicroBatchArrays arrays) {
        if (trainer == null) {
            return;
        }
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDList labels = new NDList(arrays.labels());
            ai.djl.training.dataset.Batch batch = new ai.djl.training.dataset.Batch(
                    manager,
                    new NDList(arrays.ids().duplicate()),
                    new NDList(arrays.labels().duplicate()),
                    examples,
                    Batchifier.STACK,
                    Batchifier.STACK,
                    batches % batchesPerEpoch + 1,
                    batchesPerEpoch);
            Device device = arrays.ids().getDevice();
            var data = new TrainingListener.BatchData(
                    batch, Map.of(device, labels), new Predictions(device, arrays.logits()));
            batches++;
            listeners.forEach(listener -> listener.onTrainingBatch(trainer, data));
        }
    }

    /** Adds what an update has measured to the metrics, which the listeners find at the trainer. */
    void update(History.StepRecord step) {
        if (trainer == null) {
            return;
        }
        Metrics metrics = trainer.getMetrics();
        metrics.addMetric("loss", step.loss());
        metrics.addMetric("learning_rate", step.learningRate());
        metrics.addMetric("gradient_norm", step.gradientNorm());
        metrics.addMetric("tokens", step.tokensSeen());
    }

    /** Predictions that are computed when a listener asks: logits of a language model are large, and few listeners need them. */
    private static final class Predictions extends AbstractMap<Device, NDList> {

        private final Device device;
        private final Supplier<NDArray> logits;
        private Map<Device, NDList> computed;

        Predictions(Device device, Supplier<NDArray> logits) {
            this.device = device;
            this.logits = logits;
        }

        @Override
        public Set<Entry<Device, NDList>> entrySet() {
            if (computed == null) {
                computed = Map.of(device, new NDList(logits.get()));
            }
            return computed.entrySet();
        }
    }

    /** Resumes from a run that has done so many micro-batches. */
    void resumeFrom(long batches) {
        this.batches = batches;
    }

    void endEpoch() {
        listeners.forEach(listener -> listener.onEpoch(trainer));
    }

    /** Closes the trainer, which calls {@link TrainingListener#onTrainingEnd}. */
    @Override
    public void close() {
        if (trainer != null) {
            try (model) {
                trainer.close();
            }
        }
    }
}
