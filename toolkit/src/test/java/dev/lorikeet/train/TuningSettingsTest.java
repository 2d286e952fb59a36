package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.memory.Memory;
import dev.lorikeet.memory.MemoryEstimate;
import dev.lorikeet.memory.MemoryParts;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.train.step.AdamW;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a fine-tuning refuses, warns of and shows before it begins. */
class TuningSettingsTest {

    private static Classifier classifier;
    private static PretrainedModel causal;

    @BeforeAll
    static void models() {
        classifier = Toys.classifier();
        causal = Toys.causal();
        causal.freeze(true);
        Lora.rank(2).inject(causal);
    }

    @AfterAll
    static void close() {
        classifier.close();
        causal.close();
    }

    private static ClassifierTuning tuning() {
        return FineTune.of(classifier);
    }

    @Test
    void eachSetterRefusesAtOnceWhatCannotBeUsed() {
        for (double rate : new double[] {
            0, -1e-4, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 2e4, Math.nextUp(1.0)
        }) {
            assertRefused("learning rate is " + rate, () -> tuning().learningRate(rate));
            assertRefused("learning rate is " + rate, () -> tuning().pagedAdamW(rate));
        }
        assertDoesNotThrow(() -> tuning().learningRate(1).learningRate(Double.MIN_VALUE));
        assertRefused("batchSize is 0", () -> tuning().batchSize(0));
        assertRefused("batchSize is -1", () -> FineTune.of(causal).batchSize(-1));
        assertRefused("epochs is 0", () -> tuning().epochs(0));
        assertRefused("maxSteps is -1", () -> tuning().maxSteps(-1));
        assertRefused("accumulate is 0", () -> tuning().accumulate(0));
        assertRefused("evaluateEvery is -1", () -> tuning().evaluateEvery(-1));
        assertRefused("evaluationBatches is 0", () -> tuning().evaluationBatches(0));
        assertRefused("logEvery is -5", () -> tuning().logEvery(-5));
        assertRefused("earlyStopping is -1", () -> tuning().earlyStopping(-1));
        assertRefused("lossRows is -1", () -> tuning().lossRows(-1));
        for (double norm : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertRefused("clipNorm is " + norm, () -> tuning().clipNorm(norm));
        }
        for (double decay : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertRefused("weight decay is " + decay, () -> tuning().weightDecay(decay));
        }
        assertRefused("epsilon is Infinity", () -> AdamW.of(1e-3).epsilon(Double.POSITIVE_INFINITY));
        assertRefused("beta2 is NaN", () -> AdamW.of(1e-3).betas(0.9, Double.NaN));
        assertRefused("learning rate is Infinity", () -> AdamW.of(Double.POSITIVE_INFINITY));
        assertRefused("padTo is 65", () -> tuning().padTo(65));
        assertRefused("padTo is 0", () -> tuning().padTo(0));
        assertRefused("length is 65", () -> FineTune.of(causal).length(65));
        assertRefused("length is 1", () -> FineTune.of(causal).length(1));
    }

    private static void assertRefused(String start, Runnable call) {
        String message = assertThrows(BadArgumentException.class, call::run).getMessage();
        assertTrue(message.startsWith(start + ";") || message.startsWith(start + "."), message);
        assertTrue(message.contains("expected"), message);
    }

    @Test
    void theWarningNamesTheOptionsThatNeedLess() {
        TuningSettings settings = tuning().batchSize(8).lossRows(0).settings();
        MemoryAdvice advice = new MemoryAdvice(classifier, settings);
        MemoryEstimator.Load load = new MemoryEstimator.Load(8000, 8);
        MemoryParts parts = new MemoryParts(0.5, 1, 0.1, 0.1, 0.2, 3);

        assertTrue(advice.warning(load, new MemoryEstimate(parts, 10)).isEmpty());
        String warning = advice.warning(load, new MemoryEstimate(parts, 4)).orElseThrow();
        assertTrue(warning.contains("needs about 4.90 GiB and 4.00 GiB is available"), warning);
        for (String option : List.of(
                "batchSize(4) with accumulate(2) for the same updates: about 1.9",
                "recompute(): about 1.9",
                "lossRows(256): about",
                "half their length: about",
                "Quantization.NF4")) {
            assertTrue(warning.contains(option), option + " is not in: " + warning);
        }
        assertFalse(warning.contains("\n"), "one line");
        String least = new MemoryAdvice(
                        classifier, tuning().batchSize(1).recompute().settings())
                .warning(load, new MemoryEstimate(parts, 4))
                .orElseThrow();
        assertFalse(least.contains("batchSize") || least.contains("recompute") || least.contains("lossRows"), least);
    }

    /** All logits of one batch at once, 400 kB a token, are more than there is; an interrupt ends the run before that. */
    @Test
    void aRunThatDoesNotFitWarnsBeforeItBegins() {
        double logits = 2.0 * Float.BYTES * causal.config().vocabSize() * 60;
        int rows = (int) (1.5 * (1 << 30) * Memory.availableGiB(causal.device()) / logits) + 100;
        Assumptions.assumeTrue(rows < 20_000, "a machine of this size needs too many rows");
        List<String> texts = Collections.nCopies(rows, "a ".repeat(60));
        Documents many = Documents.of(Table.create("t", StringColumn.create("text", texts)), "text")
                .length(64)
                .batch(rows);
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                super.println(line);
                Thread.currentThread().interrupt();
            }
        });
        try {
            TrainingRun run = FineTune.of(causal).on(many).lossRows(0).epochs(1).run();
            assertEquals(0, run.steps());
        } catch (StoppedException e) {
            // Stopped before training began, which is just as well.
        } finally {
            System.setOut(before);
            Thread.interrupted();
        }
        String first =
                printed.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("");
        assertTrue(first.startsWith("Warning: this run needs about"), first);
        assertTrue(first.contains("lossRows(256)"), first);
    }

    @Test
    void aTuningShowsWhatItWouldTrain() {
        ClassifierTuning tuning = Toys.tuning(classifier, Toys.splits(10, 4))
                .named("toy run")
                .epochs(2)
                .accumulate(2)
                .learningRate(5e-4)
                .schedule(Schedule.cosine().warmUp(1));
        String trainable =
                String.format(Locale.ROOT, "%,d", classifier.parameterCount().trainable());

        assertEquals(
                "toy run of " + classifier.name()
                        + ": 10 texts, 4 to validate; 2 epochs, batches of 4 × 2, learning rate 5e-4, cosine after 1 step of"
                        + " warm-up; " + classifier.parameterCount(),
                tuning.toString());
        String html = tuning.html();
        for (String shown :
                List.of("toy run", trainable, "10 texts", "4 × 2 accumulated", "Steps", ">2<", "5e-4", "GiB")) {
            assertTrue(html.contains(shown), shown + " is not in " + html);
        }
    }

    @Test
    void aTuningThatIsNotReadySaysSo() {
        assertTrue(tuning().toString().contains("set them with on(…)"), tuning().toString());
        assertTrue(tuning().html().contains("set them with on(…)"));
        assertTrue(FineTune.of(causal).html().contains("set them with on(…)"));
        String html = tuning().on(Toys.splits(4, 2)).batchSize(5).html();
        assertTrue(html.contains("Not ready") && html.contains("at most 4"), html);
    }
}
