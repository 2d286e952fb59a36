package dev.lorikeet.train;

import ai.djl.Model;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.translate.Batchifier;
import dev.lorikeet.model.Classifier;
import java.util.List;
import java.util.Map;

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
    static Listeners of(List<TrainingListener> listeners, Classifier classifier, int perEpoch) {
        if (listeners.isEmpty()) {
            return new Listeners(listeners, null, null, perEpoch);
        }
        Model model = Model.newInstance(classifier.name(), classifier.device(), "PyTorch");
        model.setBlock(classifier.transformer());
        DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new ai.djl.Device[] {classifier.device()})
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

    /** After the backward pass of a micro-batch, while its arrays are alive. */
    void batch(dev.lorikeet.data.Batch source, Objective.Scored scored) {
        if (trainer == null) {
            return;
        }
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDList labels = new NDList(scored.labels());
            ai.djl.training.dataset.Batch batch = new ai.djl.training.dataset.Batch(
                    manager,
                    new NDList(scored.ids().duplicate()),
                    new NDList(scored.labels().duplicate()),
                    source.size(),
                    Batchifier.STACK,
                    Batchifier.STACK,
                    batches % perEpoch + 1,
                    perEpoch);
            var device = scored.ids().getDevice();
            var data = new TrainingListener.BatchData(
                    batch, Map.of(device, labels), Map.of(device, new NDList(scored.logits())));
            batches++;
            listeners.forEach(listener -> listener.onTrainingBatch(trainer, data));
        }
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
