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
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells DJL's listeners what the loop does. They expect a {@link Trainer}: one stands here that does nothing else, made
 * only when somebody listens.
 */
final class Listeners implements AutoCloseable {

    private final List<TrainingListener> listeners;
    private final Model model;
    private final Trainer trainer;
    private final int perEpoch;
    private long batches;

    private Listeners(List<TrainingListener> listeners, Model model, Trainer trainer, int perEpoch) {
        this.listeners = listeners;
        this.model = model;
        this.trainer = trainer;
        this.perEpoch = perEpoch;
    }

    /**
     * Begins: {@link TrainingListener#onTrainingBegin} is called.
     *
     * @param perEpoch micro-batches in an epoch
     */
    static Listeners of(List<TrainingListener> listeners, LanguageModel learner, int perEpoch) {
        if (listeners.isEmpty()) {
            return new Listeners(listeners, null, null, perEpoch);
        }
        Model model = Model.newInstance(learner.name(), learner.device(), "PyTorch");
        model.setBlock(learner.transformer());
        DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new Device[] {learner.device()})
                .addTrainingListeners(listeners.toArray(TrainingListener[]::new));
        boolean begun = false;
        try {
            Trainer trainer = model.newTrainer(config);
            // DJL's own listeners report through these alone.
            trainer.setMetrics(new Metrics());
            begun = true;
            return new Listeners(listeners, model, trainer, perEpoch);
        } finally {
            if (!begun) {
                model.close();
            }
        }
    }

    /**
     * After the backward pass of a micro-batch, while its arrays are alive.
     *
     * @param examples in the batch
     */
    void batch(int examples, BackwardPass.Seen seen) {
        if (trainer == null) {
            return;
        }
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDList labels = new NDList(seen.labels());
            ai.djl.training.dataset.Batch batch = new ai.djl.training.dataset.Batch(
                    manager,
                    new NDList(seen.ids().duplicate()),
                    new NDList(seen.labels().duplicate()),
                    examples,
                    Batchifier.STACK,
                    Batchifier.STACK,
                    batches % perEpoch + 1,
                    perEpoch);
            Device device = seen.ids().getDevice();
            var data = new TrainingListener.BatchData(
                    batch, Map.of(device, labels), new Predictions(device, seen.logits()));
            batches++;
            listeners.forEach(listener -> listener.onTrainingBatch(trainer, data));
        }
    }

    /** Computed when a listener asks: a language model's logits are large, and most listeners do without. */
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

    /** Takes up a run after so many micro-batches. */
    void goOnAfter(long batches) {
        this.batches = batches;
    }

    void epoch() {
        listeners.forEach(listener -> listener.onEpoch(trainer));
    }

    /** Ends: {@link TrainingListener#onTrainingEnd} is called. */
    @Override
    public void close() {
        if (trainer != null) {
            try (model) {
                trainer.close();
            }
        }
    }
}
