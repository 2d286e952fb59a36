package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.Classifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Threads beside a training, of the same model and of another one. */
class SideBySideTest {

    /** Losses and trained weights. */
    private static List<String> train(long seed) {
        try (Classifier model = Toys.classifier(0.3)) {
            TrainingRun run = Toys.tuning(model, Toys.splits(32, 8))
                    .epochs(3)
                    .seed(seed)
                    .evaluateEvery(4)
                    .run();
            List<String> numbers = new ArrayList<>(List.of(Toys.losses(run).toString()));
            Toys.values(model.parameters()).forEach(values -> numbers.add(Arrays.toString(values)));
            return numbers;
        }
    }

    @Test
    void twoModelsTrainToTheLastDigitAsAlone() {
        List<String> first = train(1);
        List<String> second = train(2);
        for (int i = 0; i < 3; i++) {
            CompletableFuture<List<String>> other = CompletableFuture.supplyAsync(() -> train(2));
            assertEquals(first, train(1));
            assertEquals(second, other.join());
        }
    }

    /** Does something in the training's own thread after the first batch. */
    private static TrainingRun trainWith(Classifier model, Runnable afterFirst) {
        return Toys.tuning(model, Toys.splits(16, 4))
                .epochs(1)
                .with(new TrainingListenerAdapter() {

                    private boolean done;

                    @Override
                    public void onTrainingBatch(Trainer trainer, BatchData batch) {
                        if (!done) {
                            done = true;
                            afterFirst.run();
                        }
                    }
                })
                .run();
    }

    private static String refusal(CompletionStage<?> stage) {
        try {
            return String.valueOf(stage.toCompletableFuture().join());
        } catch (CompletionException e) {
            assertTrue(e.getCause() instanceof LorikeetException, String.valueOf(e.getCause()));
            return e.getCause().getMessage();
        }
    }

    @Test
    void anotherThreadIsRefusedWhileTheModelIsTrained() {
        try (Classifier model = Toys.classifier()) {
            List<String> refusals = new ArrayList<>();
            TrainingRun run = trainWith(model, () -> {
                refusals.add(refusal(CompletableFuture.supplyAsync(() -> model.classify("win cash"))));
                refusals.add(refusal(CompletableFuture.supplyAsync(
                        () -> Evaluation.of(model).quietly().on(Toys.table(4)))));
                refusals.add(refusal(CompletableFuture.supplyAsync(
                        () -> Toys.tuning(model, Toys.splits(16, 4)).run())));
                refusals.add(refusal(
                        CompletableFuture.supplyAsync(model.adapters().list().get(0)::disable)));
            });
            assertEquals(4, run.steps());
            List<String> activities = List.of("classifying", "evaluating", "training", "disable() of an adapter");
            for (int i = 0; i < activities.size(); i++) {
                String message = refusals.get(i);
                assertTrue(message.contains("random toy is busy: the thread \""), message);
                assertTrue(message.contains("is training it, so " + activities.get(i) + " has to wait"), message);
            }
        }
    }

    @Test
    void aListenerMayUseTheModelInTheTrainingsOwnThread() {
        try (Classifier model = Toys.classifier()) {
            List<String> labels = new ArrayList<>();
            trainWith(model, () -> labels.add(model.classify("win cash").label()));
            assertEquals(1, labels.size());
        }
    }

    @Test
    void closingWaitsForTheTraining() throws InterruptedException {
        Classifier model = Toys.classifier();
        Thread closing = new Thread(model::close);
        TrainingRun run = trainWith(model, closing::start);
        assertEquals(4, run.steps());
        closing.join();
        assertTrue(!model.isOpen());
    }
}
