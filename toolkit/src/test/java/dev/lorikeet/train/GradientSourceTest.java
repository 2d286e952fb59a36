package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.text.Tokenizers;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.GradientSource;
import dev.lorikeet.train.step.GradientSources;
import dev.lorikeet.train.step.LossResult;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.MicroBatch;
import dev.lorikeet.train.step.TrainedParameters;
import dev.lorikeet.train.worker.GradientTask;
import dev.lorikeet.train.worker.GradientWorker;
import dev.lorikeet.train.worker.Gradients;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients that are computed on a copy of the model, from what was sent as bytes, train the same model to the last bit. */
class GradientSourceTest {

    @TempDir
    private Path folder;

    /** Another machine, which is handed bytes alone. */
    private final class Elsewhere implements GradientSources {

        @Override
        public GradientSource open(LanguageModel model, Loss loss, MemoryOptions memory) {
            model.snapshot(folder.resolve("base"));
            model.adapters().list().get(0).save(folder.resolve("adapter"));
            Classifier copy = Models.classifier(
                    folder.resolve("adapter").toString(),
                    Models.load(folder.resolve("base").toString(), model.computeDtype()));
            TrainedParameters own = TrainedParameters.of(model);
            GradientWorker worker = new GradientWorker(copy, loss, memory);
            return new GradientSource() {

                private long version;

                @Override
                public LossResult accumulate(
                        List<MicroBatch> microBatches, BiConsumer<Batch, BackwardPass.MicroBatchArrays> observer) {
                    byte[] values = own.values();
                    version++;
                    LossResult all = LossResult.NONE;
                    for (MicroBatch microBatch : microBatches) {
                        GradientTask task = sent(GradientTask.of(microBatch));
                        Gradients gradients = worker.compute(Optional.of(new Sent(version, values)), List.of(task));
                        own.addGradients(gradients.values());
                        all = all.plus(gradients.result());
                    }
                    return all;
                }

                @Override
                public void close() {
                    worker.close();
                    copy.close();
                }
            };
        }
    }

    private record Sent(long version, byte[] bytes) implements GradientWorker.VersionedValues {}

    private static GradientTask sent(GradientTask task) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(task);
            }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                return (GradientTask) in.readObject();
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static ClassifierTuning tuning(Classifier model) {
        return Toys.tuning(model, Toys.splits(26, 0))
                .epochs(2)
                .accumulate(4)
                .clipNorm(0.5)
                .schedule(Schedule.linear())
                .evaluateEvery(0);
    }

    /** With the tokenizer inside the jar: a copy of the model needs no file of it. */
    private static Classifier copyable(double dropout) {
        Classifier model = Models.random("toy", PublishedShapes.gpt2(32, 2, 2), Tokenizers.gpt2(), 7)
                .classifier("ham", "spam");
        model.freeze(true);
        Lora.rank(4).dropout(dropout).inject(model);
        return model;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2})
    void aCopyOfTheModelGivesTheSameLossesAndWeights(double dropout) {
        try (Classifier here = copyable(dropout);
                Classifier over = copyable(dropout)) {
            TrainingRun expected = tuning(here).run();
            TrainingRun run = tuning(over).over(new Elsewhere()).run();
            assertEquals(losses(expected), losses(run));
            assertArrayEquals(
                    TrainedParameters.of(here).values(),
                    TrainedParameters.of(over).values());
        }
    }

    private static List<List<Double>> losses(TrainingRun run) {
        return run.history().steps().stream()
                .map(step -> List.of(step.loss(), step.accuracy(), step.gradientNorm(), step.learningRate()))
                .toList();
    }

    @Test
    void dropoutDependsOnSeedUpdateAndMicroBatchAlone() {
        long seed = MicroBatch.dropoutSeed(1, 2, 3);
        assertEquals(seed, MicroBatch.dropoutSeed(1, 2, 3));
        assertNotEquals(seed, MicroBatch.dropoutSeed(2, 2, 3));
        assertNotEquals(seed, MicroBatch.dropoutSeed(1, 3, 3));
        assertNotEquals(seed, MicroBatch.dropoutSeed(1, 2, 2));
    }

    @Test
    void bytesOfAnotherAdapterAreRefused() {
        try (Classifier model = Toys.classifier()) {
            TrainedParameters parameters = TrainedParameters.of(model);
            BadArgumentException e =
                    assertThrows(BadArgumentException.class, () -> parameters.assign(new byte[parameters.size()]));
            assertEquals(
                    "bytes of the trained parameters is %d; expected %d, four for each of %1$d"
                            .formatted(parameters.size(), parameters.size() * 4),
                    e.getMessage());
        }
    }
}
