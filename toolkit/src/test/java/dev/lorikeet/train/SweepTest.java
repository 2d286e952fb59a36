package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Documents;
import dev.lorikeet.data.number.ScoredTexts;
import dev.lorikeet.data.stream.LabelledText;
import dev.lorikeet.data.stream.TextStream;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.Regressor;
import dev.lorikeet.plot.Plots;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.sweep.Sweep;
import dev.lorikeet.train.sweep.SweepResult;
import dev.lorikeet.train.sweep.Trial;
import dev.lorikeet.train.sweep.TrialResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class SweepTest {

    @AfterEach
    void console() {
        Progress.showOn(Progress::silent);
    }

    /** A model without an adapter, and how it is trained. */
    record Kind<M extends LanguageModel>(String name, Supplier<M> model, Function<M, FineTune<?>> tuning) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind<?>> kinds() {
        Table numbers = Table.create(
                "numbers",
                StringColumn.create("text", Toys.table(12).stringColumn("text").asList()),
                DoubleColumn.create(
                        "length", IntStream.range(0, 12).asDoubleStream().toArray()));
        Table pairs = Table.create(
                "pairs",
                StringColumn.create(
                        "question", Toys.table(12).stringColumn("text").asList()),
                StringColumn.create(
                        "answer", Toys.table(24).stringColumn("text").last(12).asList()));
        Documents documents = Documents.of(Toys.table(12), "text").length(16).batch(2);
        return Stream.of(
                new Kind<Classifier>("classifier", Toys::frozen, model -> Toys.tuning(model, Toys.splits(16, 6))
                        .classWeights(Map.of("spam", 3.0))
                        .accumulate(2)),
                new Kind<Classifier>("padded classifier", Toys::frozen, model -> Toys.tuning(model, Toys.splits(16, 6))
                        .padTo(12)),
                new Kind<PretrainedModel>("language model", Toys::causal, model -> FineTune.of(model)
                        .on(documents.shuffled(4).packed())
                        .validation(documents)
                        .loss(Loss.labelSmoothing(0.1))
                        .schedule(Schedule.cosine().warmUp(2))),
                new Kind<Regressor>("regressor", () -> Toys.causal().regressor("length"), model -> FineTune.of(model)
                        .on(ScoredTexts.of(numbers, "text", "length"))),
                new Kind<PretrainedModel>("pairs", Toys::causal, model -> FineTune.pairs(model)
                        .on(pairs, "question", "answer")
                        .batchSize(4)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    <M extends LanguageModel> void aTrialIsATrainingWithItsSettingsHereAndElsewhere(Kind<M> kind) {
        SweepResult swept;
        List<Trial> trials;
        try (M model = kind.model.get();
                M copy = kind.model.get()) {
            Sweep sweep = sweep(kind.tuning.apply(model)).learningRates(5e-3);
            trials = sweep.trials();
            swept = sweep.run();
            assertTrue(model.adapters().list().isEmpty());

            SweepResult elsewhere = sweep.over((plan, some, listener) -> some.forEach(trial ->
                            listener.ended(trial.run(TrainingPlan.read(plan.bytes(), copy), Progress.silent("", 0)))))
                    .run();
            assertEquals(outcomes(swept), outcomes(elsewhere));
        }
        assertEquals(2, trials.size());
        for (Trial trial : trials) {
            try (M model = kind.model.get()) {
                LoraAdapter adapter = trial.lora().inject(model);
                TrainingRun run = quickly(kind.tuning.apply(model))
                        .learningRate(trial.learningRate())
                        .run();
                TrialResult result = swept.results().get(trial.number() - 1);
                assertEquals(Toys.losses(run), Toys.losses(result.run().orElseThrow()));
                assertEquals(adapter.trainableParameters().trainable(), result.parameters());
            }
        }
    }

    private static FineTune<?> quickly(FineTune<?> tuning) {
        return tuning.epochs(2).evaluateEvery(2).quietly();
    }

    private static Sweep sweep(FineTune<?> tuning) {
        return Sweep.of(quickly(tuning))
                .lora(Lora.rank(2).dropout(0.1))
                .ranks(2, 4)
                .learningRates(1e-3, 5e-3);
    }

    /** All that may not differ. */
    private static List<List<Object>> outcomes(SweepResult swept) {
        return swept.results().stream()
                .map(result -> List.<Object>of(
                        result.trial().number(),
                        result.parameters(),
                        Toys.losses(result.run().orElseThrow()),
                        result.validation(),
                        result.ending()))
                .toList();
    }

    @Test
    void trialsAreEveryCombination() {
        try (Classifier model = Toys.frozen()) {
            Sweep sweep = Sweep.of(Toys.tuning(model, Toys.splits(8, 4)))
                    .targets(Targets.ALL_LINEAR, Targets.named(List.of("c_attn")))
                    .ranks(4, 8);
            assertEquals(
                    List.of(
                            "rank 4, alpha 8, ALL_LINEAR, learning rate 5e-3",
                            "rank 8, alpha 16, ALL_LINEAR, learning rate 5e-3",
                            "rank 4, alpha 8, c_attn, learning rate 5e-3",
                            "rank 8, alpha 16, c_attn, learning rate 5e-3"),
                    sweep.trials().stream().map(Trial::toString).toList());
            assertEquals("Sweep of fine-tuning: 4 trials: targets ALL_LINEAR, c_attn; rank 4, 8", sweep.toString());
            assertEquals(
                    List.of(4.0, 32.0, 4.0, 32.0),
                    sweep.targets(Targets.ALL_LINEAR).alphas(4, 32).trials().stream()
                            .map(trial -> trial.lora().alpha())
                            .toList());
            assertEquals(
                    List.of(2.0),
                    Sweep.of(Toys.tuning(model, Toys.splits(8, 4)))
                            .lora(Lora.rank(8).plainAlpha(2))
                            .ranks(16)
                            .trials()
                            .stream()
                            .map(trial -> trial.lora().scale())
                            .toList(),
                    "alpha itself is the scale");
            assertEquals(
                    List.of(1.0, 4.0),
                    Sweep.of(Toys.tuning(model, Toys.splits(8, 4)))
                            .lora(Lora.rank(8).plainAlpha(2))
                            .alphas(1, 4)
                            .trials()
                            .stream()
                            .map(trial -> trial.lora().scale())
                            .toList(),
                    "and stays it");
        }
    }

    @Test
    void theResultIsATableAndAChart() {
        try (Classifier model = Toys.frozen()) {
            SweepResult result = Sweep.of(Toys.tuning(model, Toys.splits(16, 6)).epochs(1))
                    .ranks(2, 4)
                    .learningRates(1e-4, 5e-3)
                    .run();
            Table table = result.table();
            assertEquals(4, table.rowCount());
            assertEquals(
                    result.best().loss(), table.doubleColumn("validation loss").min());
            assertEquals(6, result.best().validation().examples(), "the whole split");
            assertEquals(
                    List.of("completed"), table.stringColumn("ending").unique().asList());
            assertEquals(
                    List.of("rank 2", "rank 4"),
                    Plots.sweep(result).series().stream()
                            .map(line -> line.name())
                            .toList());
            assertEquals(
                    "Validation loss over learning rate", Plots.sweep(result).title());
            assertTrue(result.html().contains("5e-3"), result.html());
            assertTrue(result.toString().contains("4 trials; the best is rank"), result.toString());
        }
    }

    @Test
    void nothingStaysInMemory() {
        try (Classifier model = Toys.frozen()) {
            Sweep sweep = sweep(Toys.tuning(model, Toys.splits(16, 6)));
            sweep.run();
            int before = Toys.arrays(model);
            sweep.run();
            assertEquals(before, Toys.arrays(model));
        }
    }

    @Test
    void anInterruptKeepsWhatHasEnded() {
        try (Classifier model = Toys.frozen()) {
            Sweep sweep = sweep(Toys.tuning(model, Toys.splits(16, 6)));
            int steps = sweep.run().results().get(0).run().orElseThrow().steps();
            Progress.showOn(interrupting("Sweep of 4 trials", 2L * steps + 1));
            SweepResult result = sweep.run();
            assertFalse(Thread.currentThread().isInterrupted(), "a notebook's next cell must run");
            assertTrue(result.interrupted());
            assertEquals(2, result.results().size());
            assertTrue(result.toString().contains("interrupted after 2 of 4 trials"), result.toString());
            assertTrue(model.adapters().list().isEmpty());
            Progress.showOn(Progress::silent);
            assertFalse(sweep.run().interrupted());
        }
    }

    private static BiFunction<String, Long, Progress> interrupting(String wanted, long at) {
        AtomicBoolean interrupted = new AtomicBoolean();
        return (title, total) -> new Progress() {

            @Override
            public void at(long done, String detail) {
                if (title.equals(wanted) && done == at && !interrupted.getAndSet(true)) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void close() {}
        };
    }

    /** Fails with the number of parameters of rank 4 only. */
    private record FailingLoss(LanguageModel model, long parameters) implements Loss {

        @Override
        public NDArray of(NDArray logits, NDArray labels) {
            if (model.parameterCount().trainable() == parameters) {
                throw new LorikeetException("the disk is full");
            }
            return Loss.crossEntropy().of(logits, labels);
        }
    }

    @Test
    void aTrialThatFailsCostsNoOther() {
        try (Classifier model = Toys.frozen()) {
            LoraAdapter second = Lora.rank(4).inject(model);
            long parameters = second.trainableParameters().trainable();
            second.remove();
            ClassifierTuning tuning = Toys.tuning(model, Toys.splits(16, 6)).epochs(1);
            SweepResult result = Sweep.of(tuning.loss(new FailingLoss(model, parameters)))
                    .ranks(2, 4, 8)
                    .run();
            assertEquals(
                    List.of("completed", "failed: the disk is full", "completed"),
                    result.table().stringColumn("ending").asList());
            assertFalse(result.interrupted());
            assertTrue(result.best().trial().number() != 2);
            assertEquals(2, Plots.sweep(result).series().get(0).x().size());

            SweepResult none = Sweep.of(tuning.loss(new FailingLoss(model, parameters)))
                    .ranks(4)
                    .run();
            String message = assertThrows(LorikeetException.class, none::best).getMessage();
            assertTrue(message.contains("the disk is full"), message);
            assertThrows(BadArgumentException.class, () -> Plots.sweep(none));
        }
    }

    @Test
    void whatCannotBeTriedIsRefusedBeforeTheFirstTrial() {
        try (Classifier model = Toys.frozen()) {
            ClassifierTuning tuning = Toys.tuning(model, Toys.splits(8, 4));
            Sweep sweep = Sweep.of(tuning);
            assertThrows(BadArgumentException.class, () -> Sweep.of(null));
            assertThrows(BadArgumentException.class, sweep::ranks);
            assertThrows(BadArgumentException.class, () -> sweep.ranks(0));
            assertThrows(BadArgumentException.class, () -> sweep.ranks(4, 4));
            assertThrows(BadArgumentException.class, () -> sweep.alphas(-1));
            assertThrows(BadArgumentException.class, () -> sweep.learningRates(2));
            assertThrows(BadArgumentException.class, () -> sweep.targets((Targets) null));
            assertThrows(UnknownNameException.class, () -> sweep.targets(Targets.named(List.of("q_proj")))
                    .over((plan, trials, listener) -> fail("a trial has begun"))
                    .run());
            assertTrue(model.adapters().list().isEmpty());
            Lora.rank(2).inject(model);
            assertThrows(BadArgumentException.class, sweep::run);
            model.adapters().remove("default");

            TextStream stream = TextStream.of(
                    "generated", 8, () -> IntStream.range(0, 8).mapToObj(row -> new LabelledText("ham", "a " + row)));
            TrainingPlan plan = FineTune.of(model).on(stream).plan();
            String message = assertThrows(LorikeetException.class, plan::bytes).getMessage();
            assertTrue(message.contains("stream of texts") && message.contains("on(splits)"), message);
        }
    }
}
