package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EpochTrainingListener;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.LoggingTrainingListener;
import ai.djl.training.listener.TimeMeasureTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.train.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DJL's listeners in our loop. */
class ListenersTest {

    /** Writes down what it hears. */
    private static final class Recorder implements TrainingListener {
        private final List<String> heard = new ArrayList<>();
        private final List<Float> losses = new ArrayList<>();
        private Metrics metrics;

        @Override
        public void onEpoch(Trainer trainer) {
            heard.add("epoch");
            metrics = trainer.getMetrics();
        }

        @Override
        public void onTrainingBatch(Trainer trainer, BatchData data) {
            var batch = data.getBatch();
            heard.add("batch " + batch.getProgress() + "/" + batch.getProgressTotal());
            NDArray labels = data.getLabels().values().iterator().next().singletonOrThrow();
            NDArray predictions =
                    data.getPredictions().values().iterator().next().singletonOrThrow();
            assertEquals(batch.getSize(), predictions.getShape().get(0));
            assertEquals(2, predictions.getShape().get(1));
            assertEquals(batch.getSize(), batch.getData().head().getShape().get(0));
            assertArrayEquals(batch.getLabels().head().toLongArray(), labels.toLongArray());
            losses.add(trainer.getLoss()
                    .evaluate(
                            data.getLabels().values().iterator().next(),
                            data.getPredictions().values().iterator().next())
                    .getFloat());
        }

        @Override
        public void onValidationBatch(Trainer trainer, BatchData data) {
            heard.add("validation");
        }

        @Override
        public void onTrainingBegin(Trainer trainer) {
            heard.add("begin " + trainer.getModel().getName());
        }

        @Override
        public void onTrainingEnd(Trainer trainer) {
            heard.add("end");
        }
    }

    @Test
    void aListenerHearsEveryMicroBatchAndEpoch() {
        Recorder recorder = new Recorder();
        try (Classifier model = Toys.classifier()) {
            TrainingRun run = Toys.tuning(model, Toys.splits(12, 0))
                    .epochs(2)
                    .accumulate(2)
                    .evaluateEvery(0)
                    .with(recorder)
                    .run();

            assertEquals(
                    List.of(
                            "begin random toy",
                            "batch 1/3",
                            "batch 2/3",
                            "batch 3/3",
                            "epoch",
                            "batch 1/3",
                            "batch 2/3",
                            "batch 3/3",
                            "epoch",
                            "end"),
                    recorder.heard);
            assertEquals(
                    run.history().steps().get(0).loss(), (recorder.losses.get(0) + recorder.losses.get(1)) / 2, 1e-6);
            assertEquals(run.history().steps().get(1).loss(), recorder.losses.get(2), 1e-6);
            for (int i = 0; i < run.steps(); i++) {
                History.StepRecord step = run.history().steps().get(i);
                assertEquals(step.loss(), value(recorder, "loss", i));
                assertEquals(step.learningRate(), value(recorder, "learning_rate", i));
                assertEquals(step.gradientNorm(), value(recorder, "gradient_norm", i));
                assertEquals(step.tokensSeen(), value(recorder, "tokens", i));
            }
        }
    }

    private static double value(Recorder recorder, String metric, int update) {
        return recorder.metrics.getMetric(metric).get(update).getValue().doubleValue();
    }

    @Test
    void anEpochCutShortIsNoEpoch() {
        Recorder recorder = new Recorder();
        try (Classifier model = Toys.classifier()) {
            Toys.tuning(model, Toys.splits(12, 0)).maxSteps(4).with(recorder).run();
        }
        assertEquals(1, recorder.heard.stream().filter("epoch"::equals).count());
        assertEquals("end", recorder.heard.get(recorder.heard.size() - 1));
    }

    @Test
    void djlsOwnListenersMeasureWhatWeMeasure(@TempDir Path folder) throws IOException {
        EvaluatorTrainingListener evaluator = new EvaluatorTrainingListener();
        EpochTrainingListener epochs = new EpochTrainingListener();
        try (Classifier model = Toys.classifier()) {
            TrainingRun run = Toys.tuning(model, Toys.splits(12, 4))
                    .epochs(1)
                    .with(epochs)
                    .with(evaluator)
                    .with(new LoggingTrainingListener())
                    .with(new TimeMeasureTrainingListener(folder.toString()))
                    .run();
            double mean = Toys.losses(run).stream()
                    .mapToDouble(loss -> loss)
                    .average()
                    .orElseThrow();
            assertEquals(mean, evaluator.getLatestEvaluations().get("train_loss"), 1e-5);
            assertEquals(1, epochs.getNumEpochs());
            assertTrue(Files.size(folder.resolve("training.log")) > 0, "times of the batches");
        }
    }

    @Test
    void djlsUsualSetOfListenersWorks() {
        try (Classifier model = Toys.classifier()) {
            ClassifierTuning tuning = Toys.tuning(model, Toys.splits(12, 4)).epochs(2);
            for (TrainingListener listener : TrainingListener.Defaults.logging()) {
                tuning.with(listener);
            }
            assertEquals(6, tuning.run().steps());
        }
    }

    @Test
    void theStandInTrainerTakesNothingWithIt() {
        try (Classifier model = Toys.classifier()) {
            Toys.tuning(model, Toys.splits(8, 4)).epochs(1).run();
            int before = Toys.arrays(model);
            Trainer[] trainers = new Trainer[1];
            Toys.tuning(model, Toys.splits(8, 4))
                    .epochs(1)
                    .with(new TrainingListenerAdapter() {
                        @Override
                        public void onTrainingBegin(Trainer trainer) {
                            trainers[0] = trainer;
                        }
                    })
                    .run();
            assertFalse(trainers[0].getManager().isOpen());
            assertFalse(trainers[0].getModel().getNDManager().isOpen());
            assertEquals(before, Toys.arrays(model));
            assertTrue(model.classify("lunch at noon").probability() > 0);
        }
    }

    @Test
    void aListenerThatFailsAtEitherEndClosesEverything() {
        try (Classifier model = Toys.classifier()) {
            int before = Toys.arrays(model);
            for (boolean atBegin : new boolean[] {true, false}) {
                Trainer[] trainers = new Trainer[1];
                ClassifierTuning tuning = Toys.tuning(model, Toys.splits(8, 0))
                        .maxSteps(1)
                        .with(new TrainingListenerAdapter() {
                            @Override
                            public void onTrainingBegin(Trainer trainer) {
                                trainers[0] = trainer;
                                fail(atBegin);
                            }

                            @Override
                            public void onTrainingEnd(Trainer trainer) {
                                fail(!atBegin);
                            }

                            private void fail(boolean now) {
                                if (now) {
                                    throw new IllegalStateException("as planned");
                                }
                            }
                        });
                assertThrows(IllegalStateException.class, tuning::run);
                assertFalse(trainers[0].getManager().isOpen());
                assertEquals(before, Toys.arrays(model));
            }
        }
    }
}
