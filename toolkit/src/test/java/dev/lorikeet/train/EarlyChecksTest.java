package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Documents;
import dev.lorikeet.data.Splits;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.checkpoint.CheckpointSpace;
import dev.lorikeet.train.checkpoint.Checkpoints;
import dev.lorikeet.train.step.AdamW;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What can be known before the first step is said before it, and what fails later leaves its record. */
class EarlyChecksTest {

    @TempDir
    private Path folder;

    private int batches;

    private final TrainingListenerAdapter counter = new TrainingListenerAdapter() {
        @Override
        public void onTrainingBatch(Trainer trainer, BatchData data) {
            batches++;
        }
    };

    private TrainingRun run(UnaryOperator<ClassifierTuning> settings) {
        try (Classifier model = Toys.classifier()) {
            return settings.apply(Toys.tuning(model, Toys.splits(16, 0)).with(counter))
                    .run();
        }
    }

    private void assertRefused(
            Class<? extends LorikeetException> type, String part, UnaryOperator<ClassifierTuning> settings) {
        String message = assertThrows(type, () -> run(settings)).getMessage();
        assertTrue(message.contains(part), message);
        assertEquals(0, batches);
    }

    @Test
    void numbersOfStepsDoNotOverflow() {
        TrainingRun limited = run(tuning -> tuning.epochs(1_000_000_000).maxSteps(3));
        assertEquals(3, limited.steps());
        assertEquals(TrainingRun.Ending.STEP_LIMIT, limited.ending());
        TrainingRun accumulated = run(tuning -> tuning.epochs(2).accumulate(Integer.MAX_VALUE));
        assertEquals(2, accumulated.steps());
        assertEquals(TrainingRun.Ending.COMPLETED, accumulated.ending());
        assertEquals(32, accumulated.history().steps().get(1).examplesSeen());
        batches = 0;
        assertRefused(
                BadArgumentException.class,
                "epochs is 2147483647; expected at most 536,870,911 for 4 steps an epoch",
                tuning -> tuning.epochs(Integer.MAX_VALUE));
    }

    @Test
    void aBatchMayBeLargerThanTheData() {
        try (PretrainedModel model = Toys.causal()) {
            Lora.rank(2).inject(model);
            TrainingRun run = FineTune.of(model)
                    .on(Documents.of(Toys.table(6), "text").length(16))
                    .batchSize(Integer.MAX_VALUE)
                    .epochs(1)
                    .quietly()
                    .run();
            assertEquals(1, run.steps());
        }
    }

    @Test
    void aRunThatWasStoppedInItsFirstStepHasARecord() {
        try (Classifier model = Toys.classifier()) {
            TrainingRun run = Toys.tuning(model, Toys.splits(16, 0))
                    .with(new TrainingListenerAdapter() {
                        @Override
                        public void onTrainingBegin(Trainer trainer) {
                            Thread.currentThread().interrupt();
                        }
                    })
                    .run();
            assertTrue(run.interrupted());
            assertEquals(0, run.steps());
            assertTrue(Double.isNaN(run.stepSeconds()));
            assertEquals(1, TrainingRun.table(run).rowCount());
            assertEquals(0, run.stepTable().rowCount());
            assertFalse(run.html().isEmpty());
            assertTrue(run.toString().contains("interrupted after 0 steps"), run.toString());
            assertFalse(run.totals().toString().isEmpty());
        }
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertRefused(BadArgumentException.class, "learning rate is 1.0E39", tuning -> tuning.adamW(AdamW.of(1e39)));
        assertRefused(
                BadArgumentException.class,
                "epsilon is 2.0",
                tuning -> tuning.adamW(AdamW.of(1e-3).epsilon(2)));
        assertRefused(
                BadArgumentException.class,
                "weight decay is Infinity",
                tuning -> tuning.weightDecay(Double.POSITIVE_INFINITY));
        assertRefused(BadArgumentException.class, "clipNorm is 1.0E-300", tuning -> tuning.clipNorm(1e-300));
        assertRefused(BadArgumentException.class, "schedule is null", tuning -> tuning.schedule(null));
        assertRefused(BadArgumentException.class, "splits is null", tuning -> tuning.on((Splits) null));
    }

    @Test
    void labelsOfTheTestPartAreChecked() {
        Table eggs = Table.create("eggs", StringColumn.create("label", "eggs"), StringColumn.create("text", "a dozen"));
        assertRefused(
                UnknownNameException.class,
                "There is no label \"eggs\"",
                tuning -> tuning.on(new Splits(Toys.table(8), Toys.table(0), eggs)));
    }

    /** As where tokens were added to a tokenizer and the model's table was not resized. */
    @Test
    void tokensBeyondTheTableAreRefused() throws IOException {
        Path original = TinyModels.folder("tiny-llama");
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(original.resolve(file), folder.resolve(file));
        }
        JsonObject tokenizer = TestData.json(original.resolve("tokenizer.json"));
        JsonObject zebra = tokenizer
                .getAsJsonArray("added_tokens")
                .get(0)
                .getAsJsonObject()
                .deepCopy();
        zebra.addProperty("id", 33);
        zebra.addProperty("content", "zebra");
        tokenizer.getAsJsonArray("added_tokens").add(zebra);
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer.toString());
        try (PretrainedModel model = Models.load(folder.toString(), DType.FLOAT32)) {
            Lora.rank(2).inject(model);
            Table common = Table.create("t", StringColumn.create("text", "the an", "an the", "the the", "an an"));
            Table rare = Table.create("t", StringColumn.create("text", "the an", "an the", "the the", "zebra the"));
            BadArgumentException refused = assertThrows(BadArgumentException.class, () -> FineTune.of(model)
                    .on(Documents.of(rare, "text").length(16).batch(1))
                    .epochs(1)
                    .quietly()
                    .with(counter)
                    .run());
            assertTrue(
                    refused.getMessage()
                            .startsWith("token \"zebra\" of the training texts is 33; expected an id of 0 to 32"),
                    refused.getMessage());
            assertTrue(refused.getMessage().contains("has 34 tokens, and the token table"), refused.getMessage());
            refused = assertThrows(BadArgumentException.class, () -> FineTune.of(model)
                    .on(Documents.of(common, "text").length(16).batch(1))
                    .validation(Documents.of(rare, "text").length(16).batch(1))
                    .quietly()
                    .with(counter)
                    .run());
            assertTrue(refused.getMessage().contains("of the validation texts is "), refused.getMessage());
            assertEquals(0, batches);
        }
    }

    @Test
    void aCheckpointFolderThatCannotBeMadeIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        assertRefused(
                BadFileException.class,
                "no checkpoints can be written there",
                tuning -> tuning.checkpoints(Checkpoints.in(file.resolve("checkpoints"))));
    }

    @Test
    void aDiskWithoutRoomForTheCheckpointsIsRefused() throws IOException {
        Checkpoints checkpoints = Checkpoints.in(folder);
        assertEquals(3 * 4 * 100, CheckpointSpace.bytes(checkpoints, 100));
        assertEquals(3 * 4 * 100, CheckpointSpace.bytes(checkpoints.keep(1).keepBest("validation"), 100));
        CheckpointSpace.check(checkpoints, 100);
        long free = Files.getFileStore(folder).getUsableSpace();
        String message = assertThrows(BadArgumentException.class, () -> CheckpointSpace.check(checkpoints, free))
                .getMessage();
        assertTrue(message.startsWith("checkpoint folder is " + folder + "; expected about "), message);
        assertTrue(message.contains("keep(1) keeps fewer"), message);
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aRunThatFailsLaterKeepsItsRecordAndWhatWasLearned() {
        IllegalStateException full = new IllegalStateException("the disk is full");
        try (Classifier model = Toys.classifier()) {
            List<float[]> before = Toys.values(model.parameters());
            TrainingFailedException failed =
                    assertThrows(TrainingFailedException.class, () -> Toys.tuning(model, Toys.splits(16, 0))
                            .with(new TrainingListenerAdapter() {
                                @Override
                                public void onTrainingBatch(Trainer trainer, BatchData data) {
                                    if (batches++ == 2) {
                                        throw full;
                                    }
                                }
                            })
                            .run());
            assertSame(full, failed.getCause());
            assertTrue(
                    failed.getMessage()
                            .startsWith("Training failed after 2 of 12 steps: the disk is full. The model keeps"),
                    failed.getMessage());
            assertEquals(2, failed.run().steps());
            assertEquals(TrainingRun.Ending.FAILED, failed.run().ending());
            assertSame(failed.run(), TrainingRun.lastFailed().orElseThrow());
            assertEquals(2, failed.run().stepTable().rowCount());
            assertFalse(java.util.Arrays.equals(
                    before.get(1), Toys.values(model.parameters()).get(1)));
            assertEquals(12, Toys.tuning(model, Toys.splits(16, 0)).run().steps());
        }
    }
}
