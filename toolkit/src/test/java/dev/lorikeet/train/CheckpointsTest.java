package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraBuilder;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.train.checkpoint.CheckpointFolder;
import dev.lorikeet.train.checkpoint.CheckpointMismatchException;
import dev.lorikeet.train.checkpoint.Checkpoints;
import dev.lorikeet.train.checkpoint.Checksums;
import dev.lorikeet.train.checkpoint.TrainingCheckpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Which checkpoints there are, which of them are used, and which are refused. */
class CheckpointsTest {

    private static final Documents DOCUMENTS =
            Documents.of(Toys.table(24), "text").length(16).batch(4);
    private static final Documents WATCHED =
            Documents.of(Toys.table(8), "text").length(16).batch(4);

    @TempDir
    static Path shared;

    /** The losses of a run whose checkpoints lie in {@link #shared}; made once for the tests that damage a copy of them. */
    private static List<Double> losses;

    @TempDir
    Path folder;

    private static PretrainedModel adapted(LoraBuilder lora) {
        PretrainedModel model = Toys.causal();
        lora.inject(model);
        return model;
    }

    private static PretrainedModel adapted() {
        return adapted(Lora.rank(4).dropout(0.2));
    }

    private CausalTuning tuning(PretrainedModel model) {
        return tuning(model, folder);
    }

    private static CausalTuning tuning(PretrainedModel model, Path folder) {
        return FineTune.of(model)
                .on(DOCUMENTS)
                .epochs(2)
                .learningRate(5e-3)
                .checkpoints(Checkpoints.in(folder).every(4));
    }

    /** Puts the checkpoints of a whole run into the test's folder, and gives the run's losses. */
    private List<Double> trained() throws IOException {
        if (losses == null) {
            losses = Toys.losses(tuning(adapted(), shared).quietly().run());
        }
        try (Stream<Path> files = Files.walk(shared)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(shared.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        return losses;
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What is printed meanwhile. */
    private static String printed(Runnable action) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true));
        try {
            action.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString();
    }

    @Test
    void theNewestAndTheLastOneStay() {
        tuning(adapted()).run();
        assertEquals(List.of("checkpoint-12", "checkpoint-8"), names());
        assertEquals(12, Checkpoints.in(folder).newest().orElseThrow().step());
        assertTrue(Checkpoints.in(folder).best().isEmpty(), "no loss was measured");
    }

    @Test
    void theBestOnTheNamedSplitStaysAsWell() {
        // The more it learns of the toy's texts, the less likely it finds these.
        Table others = Table.create(StringColumn.create("text", "zinc yonder quartz", "vexing jumbo hymn"));
        Documents heldOut = Documents.of(others, "text").length(16).batch(4);
        TrainingRun run = tuning(adapted())
                .learningRate(0.1)
                .validation("held out", heldOut)
                .checkpoints(Checkpoints.in(folder).every(1).keep(1).keepBest("held out"))
                .run();
        assertEquals(12, run.steps());
        TrainingCheckpoint best = Checkpoints.in(folder).best().orElseThrow();
        assertTrue(best.step() < 12, "the run was to become worse: " + best);
        assertEquals(List.of("checkpoint-12", "checkpoint-" + best.step()), names());
        assertTrue(best.loss() < Checkpoints.in(folder).newest().orElseThrow().loss());
        try (PretrainedModel model = adapted()) {
            best.restore(model);
            assertEquals(best.loss(), Evaluation.of(model).on(heldOut).loss(), 1e-6);
        }
    }

    @Test
    void aSplitThatThereIsNotIsNamed() {
        CausalTuning tuning = tuning(adapted())
                .validation(WATCHED)
                .checkpoints(Checkpoints.in(folder).keepBest("validatoin"));
        String message = assertThrows(UnknownNameException.class, tuning::run).getMessage();
        assertTrue(message.contains("Did you mean \"validation\"?"), message);
    }

    @Test
    void theAdapterInItIsPeftsAndLoads() {
        try (PretrainedModel trained = adapted()) {
            tuning(trained).run();
            Path newest = Checkpoints.in(folder).newest().orElseThrow().folder();
            assertTrue(Files.exists(newest.resolve("adapter_config.json")));
            try (PretrainedModel fresh = Toys.causal()) {
                assertEquals(0.2, Lora.load(newest, fresh, "loaded").config().dropout());
                assertArrayEquals(
                        Toys.values(trained.parameters()).get(0),
                        Toys.values(fresh.parameters()).get(0));
                assertEquals(
                        Evaluation.of(trained).on(WATCHED).loss(),
                        Evaluation.of(fresh).on(WATCHED).loss(),
                        1e-6);
            }
        }
    }

    @Test
    void aClassifiersHeadGoesWithIt() {
        try (Classifier trained = Toys.classifier();
                Classifier fresh = Toys.frozen()) {
            Toys.tuning(trained, Toys.splits(16, 8))
                    .saveEvery(4, folder)
                    .epochs(1)
                    .run();
            Lora.load(Checkpoints.in(folder).newest().orElseThrow().folder(), fresh, "loaded");
            assertEquals(
                    Evaluation.of(trained).on(Toys.table(8)).loss(),
                    Evaluation.of(fresh).on(Toys.table(8)).loss(),
                    1e-6);
        }
    }

    private interface Damage {
        void to(Path checkpoint) throws IOException;
    }

    private void assertDamageIsSeen(Damage damage) throws IOException {
        List<Double> expected = trained();
        Path newest = folder.resolve("checkpoint-12");
        damage.to(newest);
        assertThrows(BadFileException.class, () -> new TrainingCheckpoint(newest, 12, 0).restore(adapted()));
        assertEquals(8, Checkpoints.in(folder).newest().orElseThrow().step());
        TrainingRun[] run = new TrainingRun[1];
        String said = printed(() -> run[0] = tuning(adapted()).resume());
        assertEquals(expected, Toys.losses(run[0]));
        assertTrue(said.contains("Skipped a damaged checkpoint: " + newest), said);
        assertTrue(said.contains("Resuming from the checkpoint of step 8 of 12"), said);
        assertEquals(List.of("checkpoint-12", "checkpoint-8"), names(), "it was written anew");
        assertEquals(12, Checkpoints.in(folder).newest().orElseThrow().step());
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void oneFlippedBitIsSeen() throws IOException {
        assertDamageIsSeen(checkpoint -> flip(checkpoint.resolve("training.safetensors")));
    }

    @Test
    void aFlippedBitInTheHistoryIsSeen() throws IOException {
        assertDamageIsSeen(checkpoint -> flip(checkpoint.resolve("state.json")));
    }

    @Test
    void aMissingFileIsSeen() throws IOException {
        assertDamageIsSeen(checkpoint -> Files.delete(checkpoint.resolve("adapter_config.json")));
    }

    /** Its checksums are right, so that it is what somebody wrote there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "[]",
                "{\"loss\":\"x\"}",
                "{\"history\":5}",
                "{\"fingerprint\":{},\"optimizer_steps\":0,\"positions\":0,\"seconds\":0,\"loss\":0}",
                "{\"history\":{\"steps\":[null],\"evaluations\":[],\"epochs\":[]},\"optimizer_steps\":0,\"positions\":0,"
                        + "\"seconds\":0,\"loss\":0}"
            })
    void aStateThatIsNoneIsSeen(String state) throws IOException {
        trained();
        Path newest = folder.resolve("checkpoint-12");
        Files.writeString(newest.resolve("state.json"), state);
        Checksums.write(newest);
        assertEquals(8, Checkpoints.in(folder).newest().orElseThrow().step());
        String said = printed(() -> tuning(adapted()).resume());
        assertTrue(said.contains("Skipped a damaged checkpoint: " + newest.resolve("state.json")), said);
        assertEquals(12, Checkpoints.in(folder).newest().orElseThrow().step());
    }

    @Test
    void anEmptyFolderIsSeen() throws IOException {
        assertDamageIsSeen(checkpoint -> {
            try (Stream<Path> files = Files.list(checkpoint)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        });
    }

    @Test
    void whatAKillLeavesHalfWrittenIsCleanedAway() throws IOException {
        Path part = Files.createDirectories(folder.resolve(".checkpoint-4.part"));
        Files.writeString(part.resolve("state.json"), "{\"fingerprint\":");
        String said = printed(() -> tuning(adapted()).resume());
        assertTrue(said.contains("incomplete checkpoint") && said.contains(".checkpoint-4.part"), said);
        assertTrue(said.contains("There is no checkpoint in " + folder), said);
        assertEquals(List.of("checkpoint-12", "checkpoint-8"), names());
    }

    private void assertRefused(String words, PretrainedModel model, Function<CausalTuning, CausalTuning> change) {
        List<float[]> before = Toys.values(model.parameters());
        CheckpointMismatchException refusal =
                assertThrows(CheckpointMismatchException.class, () -> change.apply(tuning(model))
                        .resume());
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
        List<float[]> after = Toys.values(model.parameters());
        for (int i = 0; i < before.size(); i++) {
            assertArrayEquals(before.get(i), after.get(i), "the model was changed");
        }
        model.close();
    }

    @Test
    void anotherRunIsRefusedByWhatDiffers() throws IOException {
        trained();
        Documents others = Documents.of(Toys.table(26), "text").length(16).batch(4);
        assertRefused("train_data is 24 texts, hash ", adapted(), t -> t.on(others));
        assertRefused("batch_size is 4 in the checkpoint and 3 in this run", adapted(), t -> t.batchSize(3));
        assertRefused("seed is 123 in the checkpoint and 5 in this run", adapted(), t -> t.seed(5));
        assertRefused("validation_data is none in the checkpoint and 8 texts", adapted(), t -> t.validation(WATCHED));
        assertRefused("batch_order is ", adapted(), CausalTuning::groupByLength);
        assertRefused("optimizer is AdamW[learningRate=0.005", adapted(), t -> t.learningRate(1e-3));
        assertRefused("lr_scheduler is ", adapted(), t -> t.schedule(Schedule.linear()));
        assertRefused("rank 4, scale 1.0, dropout 0.2", adapted(Lora.rank(8).dropout(0.2)), t -> t);
        assertRefused("dropout 0.0 on", adapted(Lora.rank(4)), t -> t);
        PretrainedModel other = adapted();
        other.transformer()
                .layers()
                .get(0)
                .projections()
                .get(0)
                .weight()
                .getArray()
                .addi(1e-4);
        assertRefused("frozen_weights_sha256 is ", other, t -> t);
        PretrainedModel thawed = Toys.causal();
        thawed.trainLast(1);
        assertRefused("adapters is \"default\": rank 4", thawed, t -> t);
        assertEquals(12, tuning(adapted()).quietly().recompute().resume().steps(), "memory is no other setting");
    }

    @Test
    void otherParametersAreRefusedByName() throws IOException {
        trained();
        TrainingCheckpoint newest = Checkpoints.in(folder).newest().orElseThrow();
        try (PretrainedModel wide = adapted(Lora.rank(8));
                PretrainedModel plain = Toys.causal()) {
            String message = assertThrows(CheckpointMismatchException.class, () -> newest.restore(wide))
                    .getMessage();
            assertTrue(
                    message.contains("lora_A.default is (4, 32) in the checkpoint and (8, 32) in this model"), message);
            plain.freeze(true);
            assertThrows(CheckpointMismatchException.class, () -> newest.restore(plain));
        }
    }

    @Test
    void aNewRunDoesNotMixItsCheckpointsWithThoseOfAnother() throws IOException {
        trained();
        String message = assertThrows(
                        BadArgumentException.class,
                        () -> tuning(adapted()).quietly().run())
                .getMessage();
        assertTrue(message.contains("resume()"), message);
        assertThrows(
                BadArgumentException.class,
                () -> FineTune.of(adapted()).on(DOCUMENTS).resume());
    }

    @Test
    void anInterruptLeavesOneOfTheLastFinishedStep() {
        PretrainedModel model = adapted();
        TrainingRun stopped = tuning(model)
                .quietly()
                .with(new ai.djl.training.listener.TrainingListenerAdapter() {
                    private int seen;

                    @Override
                    public void onTrainingBatch(ai.djl.training.Trainer trainer, BatchData data) {
                        if (++seen == 5) {
                            Thread.currentThread().interrupt();
                        }
                    }
                })
                .run();
        assertTrue(stopped.interrupted());
        assertEquals(5, stopped.steps());
        assertEquals(List.of("checkpoint-4", "checkpoint-5"), names());
        assertFalse(model.generate("call mum", 3).text().isEmpty(), "the model is usable");
        model.close();
    }

    @Test
    void badSettingsAreNamed() {
        assertThrows(BadArgumentException.class, () -> Checkpoints.in(folder).every(0));
        assertThrows(BadArgumentException.class, () -> Checkpoints.in(folder).keep(0));
        assertEquals(List.of(), Checkpoints.in(folder.resolve("nowhere")).all());
    }

    @Test
    void comparingStepsComparesNumbers() throws IOException {
        for (int step : new int[] {100, 25, 9}) {
            Files.createDirectories(folder.resolve("checkpoint-" + step));
        }
        Files.createDirectories(folder.resolve("checkpoint-best"));
        List<Path> found = CheckpointFolder.in(folder);
        assertEquals(
                List.of("checkpoint-9", "checkpoint-25", "checkpoint-100"),
                found.stream().map(path -> path.getFileName().toString()).toList());
    }

    @Test
    void clearingLeavesWhatIsNoCheckpoint() throws IOException {
        Files.writeString(folder.resolve("mine.txt"), "");
        try (PretrainedModel model = adapted()) {
            tuning(model).maxSteps(4).run();
        }
        assertEquals(1, Checkpoints.in(folder).all().size());
        assertEquals(List.of(), Checkpoints.in(folder).cleared().all());
        assertEquals(List.of("mine.txt"), names());
    }
}
