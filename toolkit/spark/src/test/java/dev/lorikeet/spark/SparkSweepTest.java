package dev.lorikeet.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.sweep.Sweep;
import dev.lorikeet.train.sweep.SweepResult;
import dev.lorikeet.train.sweep.TrialResult;
import dev.lorikeet.train.sweep.TrialRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A sweep over executors has the losses of one in this process. */
class SparkSweepTest {

    private static SparkSession spark;

    @BeforeAll
    static void open() {
        spark = Toys.session("local-cluster[2,1,1024]");
    }

    @AfterAll
    static void close() {
        spark.stop();
    }

    private static Sweep sweep(LanguageModel model, int epochs) {
        FineTune<?> tuning = model instanceof Classifier classifier
                ? Toys.settings(FineTune.of(classifier).on(Toys.splits(26, 8)))
                        .batchSize(2)
                        .accumulate(4)
                : Toys.settings(FineTune.of((PretrainedModel) model).on(Toys.documents(26)));
        return Sweep.of(tuning.epochs(epochs))
                .lora(Lora.rank(4).dropout(0.1))
                .targets(Targets.ALL_LINEAR, Targets.named(List.of("c_attn")))
                .ranks(2, 4)
                .learningRates(1e-3, 5e-3);
    }

    static Stream<Supplier<LanguageModel>> models() {
        return Stream.of(() -> Toys.causal().classifier("ham", "spam"), Toys::causal, () -> Toys.causal()
                .quantize(Quantization.NF4));
    }

    @ParameterizedTest
    @MethodSource("models")
    void theLossesAreTheSame(Supplier<LanguageModel> maker) {
        try (LanguageModel here = maker.get();
                LanguageModel over = maker.get()) {
            SweepResult expected = sweep(here, 2).run();
            SweepResult swept = sweep(over, 2).over(SparkCluster.of(spark)).run();
            assertEquals(8, swept.results().size());
            assertEquals(numbers(expected), numbers(swept));
            assertTrue(over.adapters().list().isEmpty());
        }
    }

    private static List<List<Object>> numbers(SweepResult swept) {
        return swept.results().stream()
                .map(result -> List.<Object>of(
                        result.trial().toString(),
                        result.parameters(),
                        Toys.numbers(result.run().orElseThrow()),
                        result.validation()))
                .toList();
    }

    @Test
    void anInterruptKeepsWhatHasEnded() throws InterruptedException {
        AtomicReference<SweepResult> result = new AtomicReference<>();
        List<TrialResult> told = new ArrayList<>();
        try (PretrainedModel model = Toys.causal()) {
            Sweep sweep = sweep(model, 10);
            Thread cell = new Thread(() -> result.set(
                    sweep.over(stoppingAfter(2, SparkCluster.of(spark), told)).run()));
            cell.start();
            cell.join(120_000);
            assertFalse(cell.isAlive(), "the sweep did not stop");
            assertTrue(result.get().interrupted());
            assertEquals(told, result.get().results());
            assertTrue(told.size() >= 2);
            assertFalse(sweep(model, 1).over(SparkCluster.of(spark)).run().interrupted(), "the cluster can go on");
        }
    }

    /** Interrupts its own thread when so many trials have ended. */
    private static TrialRunner stoppingAfter(int trials, SparkCluster cluster, List<TrialResult> told) {
        return (plan, all, listener) -> cluster.run(plan, all, new TrialRunner.Listener() {

            @Override
            public Progress steps() {
                return listener.steps();
            }

            @Override
            public void ended(TrialResult ended) {
                told.add(ended);
                listener.ended(ended);
                if (told.size() == trials) {
                    Thread.currentThread().interrupt();
                }
            }
        });
    }

    @Test
    void aLossOfACellIsRefusedBeforeAnythingIsSent() {
        Loss own = (logits, labels) -> Loss.crossEntropy().of(logits, labels);
        try (Classifier model = Toys.causal().classifier("ham", "spam")) {
            Sweep sweep =
                    Sweep.of(FineTune.of(model).on(Toys.splits(8, 0)).loss(own)).over(SparkCluster.of(spark));
            assertThrows(BadArgumentException.class, sweep::run);
        }
    }
}
