package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.train.TrainingRun.Ending;
import dev.lorikeet.train.history.History;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is stopped, or fails, leaves a model that can go on; and no run leaves arrays. */
class InterruptTest {

    /** Does something at the n-th batch. */
    private static TrainingListenerAdapter at(int batch, Runnable action) {
        return new TrainingListenerAdapter() {
            private int seen;

            @Override
            public void onTrainingBatch(Trainer trainer, BatchData data) {
                if (++seen == batch) {
                    action.run();
                }
            }
        };
    }

    @Test
    void endsWithinAStepAndLeavesEverythingUsable(@TempDir Path folder) {
        try (Classifier model = Toys.frozen()) {
            LoraAdapter adapter = Lora.rank(4).inject(model);
            Toys.tuning(model, Toys.splits(8, 4)).epochs(1).run();
            int before = Toys.arrays(model);

            TrainingRun run = Toys.tuning(model, Toys.splits(32, 4))
                    .with(at(3, Thread.currentThread()::interrupt))
                    .run();

            assertFalse(Thread.currentThread().isInterrupted(), "a notebook's next cell must run");
            assertEquals(Ending.INTERRUPTED, run.ending());
            assertTrue(run.interrupted());
            assertEquals(3, run.steps());
            assertEquals(before, Toys.arrays(model));
            adapter.save(folder);
            assertTrue(Files.exists(folder.resolve("adapter_model.safetensors")));
            assertEquals(
                    Ending.COMPLETED,
                    Toys.tuning(model, Toys.splits(8, 4)).run().ending());
            assertEquals(before, Toys.arrays(model));
        }
    }

    /** As a kernel does it: from another thread, at whatever the run is doing. */
    @Test
    void anotherThreadCanStopIt() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<TrainingRun> result = new AtomicReference<>();
        try (Classifier model = Toys.classifier()) {
            ClassifierTuning tuning = Toys.tuning(model, Toys.splits(32, 16))
                    .epochs(100_000)
                    .evaluateEvery(1)
                    .with(at(2, begun::countDown));
            Thread cell = new Thread(() -> result.set(tuning.run()));
            cell.start();
            assertTrue(begun.await(120, TimeUnit.SECONDS), "the run did not begin");
            cell.interrupt();
            cell.join(120_000);
            assertFalse(cell.isAlive(), "the run did not stop");
            assertEquals(Ending.INTERRUPTED, result.get().ending());
            assertTrue(result.get().steps() >= 1);
        }
    }

    @Test
    void anInterruptBeforeTheRunStopsIt() {
        try (Classifier model = Toys.classifier()) {
            ClassifierTuning tuning = Toys.tuning(model, Toys.splits(8, 4));
            Thread.currentThread().interrupt();
            assertThrows(StoppedException.class, tuning::run);
            assertFalse(Thread.currentThread().isInterrupted());
        }
    }

    @Test
    void anInterruptStopsAnEvaluation() {
        try (Classifier model = Toys.classifier()) {
            Evaluation evaluation = Evaluation.of(model).batchSize(4);
            int before = Toys.arrays(model);
            Thread.currentThread().interrupt();
            assertThrows(StoppedException.class, () -> evaluation.on(Toys.table(8)));
            assertEquals(before, Toys.arrays(model));
            assertEquals(8, evaluation.on(Toys.table(8)).examples());
        }
    }

    @Test
    void thirtyStepsLeaveWhatOneLeaves() {
        try (Classifier model = Toys.classifier()) {
            Toys.tuning(model, Toys.splits(8, 4)).maxSteps(1).run();
            int before = Toys.arrays(model);
            int[] within = new int[2];
            TrainingRun run = Toys.tuning(model, Toys.splits(40, 8))
                    .evaluateEvery(3)
                    .accumulate(2)
                    .clipNorm(1)
                    .epochs(6)
                    .with(at(2, () -> within[0] = Toys.arrays(model)))
                    .with(at(60, () -> within[1] = Toys.arrays(model)))
                    .run();
            assertEquals(30, run.steps());
            assertEquals(within[0], within[1], "grew while it ran");
            assertEquals(before, Toys.arrays(model), "left something behind");
        }
    }

    @Test
    void aListenerThatFailsLeavesNoGradients() {
        try (Classifier failed = Toys.classifier();
                Classifier fresh = Toys.classifier()) {
            int before = Toys.arrays(failed);
            ClassifierTuning tuning = Toys.tuning(failed, Toys.splits(16, 0))
                    .accumulate(3)
                    .with(at(2, () -> {
                        throw new IllegalStateException("as planned");
                    }));
            assertThrows(IllegalStateException.class, tuning::run);
            assertEquals(before, Toys.arrays(failed));

            assertEquals(
                    Toys.losses(Toys.tuning(fresh, Toys.splits(16, 0)).run()),
                    Toys.losses(Toys.tuning(failed, Toys.splits(16, 0)).run()));
        }
    }

    @Test
    void aDisplayHearsOfEachUpdateUnlessTheRunIsQuiet() {
        List<Integer> seen = new ArrayList<>();
        RunDisplay.showOn(name -> new RunDisplay() {
            @Override
            public void at(Supplier<History> history) {
                seen.add(history.get().steps().size());
            }

            @Override
            public void close() {
                seen.add(name.equals("watched") ? -1 : -2);
            }
        });
        try (Classifier model = Toys.frozen()) {
            Lora.rank(4).inject(model);
            int steps = FineTune.of(model)
                    .on(Toys.splits(16, 4))
                    .batchSize(4)
                    .named("watched")
                    .epochs(1)
                    .run()
                    .steps();
            List<Integer> expected =
                    new ArrayList<>(IntStream.rangeClosed(1, steps).boxed().toList());
            expected.add(-1);
            assertEquals(expected, seen);
            seen.clear();
            Toys.tuning(model, Toys.splits(16, 4)).epochs(1).quietly().run();
            assertEquals(List.of(), seen);
        } finally {
            RunDisplay.showOn(RunDisplay::none);
        }
    }

    /** As the stream of a kernel does. */
    @Test
    void anInterruptedRunPrintsWhereInterruptedThreadsMayNot() {
        PrintStream out = System.out;
        StringBuilder printed = new StringBuilder();
        System.setOut(new PrintStream(OutputStream.nullOutputStream()) {
            @Override
            public void println(String line) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new IllegalStateException("interrupted");
                }
                printed.append(line).append('\n');
            }
        });
        try (Classifier model = Toys.frozen()) {
            Lora.rank(4).inject(model);
            TrainingRun run = FineTune.of(model)
                    .on(Toys.splits(32, 4))
                    .batchSize(4)
                    .evaluateEvery(0)
                    .logEvery(1)
                    .with(at(3, Thread.currentThread()::interrupt))
                    .run();

            assertEquals(Ending.INTERRUPTED, run.ending());
            assertTrue(printed.toString().contains("Step    3 of"), printed.toString());
        } finally {
            System.setOut(out);
        }
    }
}
