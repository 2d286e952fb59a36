package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.Documents;
import dev.lorikeet.data.Splits;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.train.checkpoint.CheckpointMismatchException;
import dev.lorikeet.train.history.History;
import dev.lorikeet.train.loss.Loss;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Losses other than the cross-entropy, and those that people write themselves. */
public class LossTest {

    /** The cross-entropy by the general way. */
    private static final Loss PLAIN = (logits, labels) -> Loss.crossEntropy().of(logits, labels);

    /** Set by a cell. */
    public static Loss fromACell;

    @TempDir
    Path folder;

    private static float[] rows(Loss loss) {
        try (NDManager scope = Torch.manager()) {
            NDArray logits = scope.create(new float[] {1, 2, 0, 0.5f, 0, 4}, new Shape(2, 3));
            return loss.of(logits, scope.create(new long[] {0, 2})).toFloatArray();
        }
    }

    /** torch.nn.functional.cross_entropy(logits, labels, reduction="none", label_smoothing=0.1) by its formula. */
    @Test
    void theBuiltInLossesAreThoseOfTheirPapers() {
        double first = Math.log(Math.E + Math.exp(2) + 1);
        double second = Math.log(Math.exp(0.5) + 1 + Math.exp(4));
        double[] plain = {first - 1, second - 4};
        assertArrayEquals(floats(plain), rows(Loss.crossEntropy()), 1e-5f);
        assertArrayEquals(
                floats(0.9 * plain[0] + 0.1 * (first - 1), 0.9 * plain[1] + 0.1 * (second - 1.5)),
                rows(Loss.labelSmoothing(0.1)),
                1e-5f);
        assertArrayEquals(
                floats(
                        Math.pow(1 - Math.exp(-plain[0]), 2) * plain[0],
                        Math.pow(1 - Math.exp(-plain[1]), 2) * plain[1]),
                rows(Loss.focal(2)),
                1e-5f);
        assertArrayEquals(rows(Loss.crossEntropy()), rows(Loss.focal(0)), 1e-5f);
    }

    private static float[] floats(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static List<History.StepRecord> learn(UnaryOperator<ClassifierTuning> setting) {
        try (Classifier model = Toys.classifier()) {
            return setting.apply(Toys.tuning(model, Toys.splits(12, 0)).maxSteps(3))
                    .run()
                    .history()
                    .steps();
        }
    }

    private static void assertSame(List<History.StepRecord> expected, List<History.StepRecord> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).loss(), actual.get(i).loss(), 1e-5);
            assertEquals(expected.get(i).gradientNorm(), actual.get(i).gradientNorm(), 1e-5);
        }
    }

    @Test
    void theGeneralWayLearnsWhatTheFastOneLearns() {
        assertSame(learn(tuning -> tuning), learn(tuning -> tuning.loss(PLAIN)));
        Map<String, Double> weights = Map.of("spam", 3.0);
        assertSame(learn(tuning -> tuning.classWeights(weights)), learn(tuning -> tuning.classWeights(weights)
                .loss(PLAIN)));
    }

    private static List<History.StepRecord> learnTexts(Loss loss, int lossRows) {
        try (PretrainedModel model = Toys.causal()) {
            Lora.rank(4).inject(model);
            Table texts = Table.create(
                    "texts", StringColumn.create("text", "one two three four five", "six seven eight nine ten"));
            return FineTune.of(model)
                    .on(Documents.of(texts, "text").length(16).batch(2))
                    .loss(loss)
                    .lossRows(lossRows)
                    .epochs(3)
                    .learningRate(1e-2)
                    .quietly()
                    .run()
                    .history()
                    .steps();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aLanguageModelComputesItInChunks(int lossRows) {
        assertSame(learnTexts(Loss.crossEntropy(), 256), learnTexts(PLAIN, lossRows));
    }

    @Test
    void aCellWritesOneOfItsOwn() {
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            for (SnippetEvent event : shell.eval(
                    "dev.lorikeet.train.LossTest.fromACell = (logits, labels) -> dev.lorikeet.train.loss.Loss.crossEntropy()"
                            + ".of(logits, labels).mul(dev.lorikeet.train.loss.Loss.constant(2, logits));")) {
                assertEquals(null, event.exception());
                assertEquals(
                        List.of(),
                        shell.diagnostics(event.snippet())
                                .map(found -> found.getMessage(null))
                                .toList());
            }
        }
        List<History.StepRecord> once = learn(tuning -> tuning.maxSteps(1));
        List<History.StepRecord> twice = learn(tuning -> tuning.maxSteps(1).loss(fromACell));
        assertEquals(2 * once.get(0).loss(), twice.get(0).loss(), 1e-6);
        assertEquals(2 * once.get(0).gradientNorm(), twice.get(0).gradientNorm(), 1e-5);
    }

    @Test
    void whatIsNoLossIsRefused() {
        refused("shape of the loss", (logits, labels) -> logits);
        refused("shape of the loss", (logits, labels) -> logits.sum());
        refused("computed from the logits", (logits, labels) -> labels.mul(1.5f));
        refused("loss", (logits, labels) -> null);
        assertThrows(BadArgumentException.class, () -> Loss.labelSmoothing(1));
        assertThrows(BadArgumentException.class, () -> Loss.focal(-1));
    }

    private static void refused(String expected, Loss loss) {
        Exception error = assertThrows(Exception.class, () -> learn(tuning -> tuning.loss(loss)));
        assertTrue(String.valueOf(error.getMessage()).contains(expected), String.valueOf(error));
    }

    @Test
    void aRunResumesWithItsLossAlone() {
        Splits splits = Toys.splits(16, 0);
        try (Classifier model = Toys.classifier()) {
            Toys.tuning(model, splits)
                    .maxSteps(2)
                    .saveEvery(1, folder)
                    .loss(Loss.labelSmoothing(0.1))
                    .run();
        }
        try (Classifier model = Toys.classifier()) {
            ClassifierTuning other = Toys.tuning(model, splits).maxSteps(4).saveEvery(1, folder);
            String message = assertThrows(CheckpointMismatchException.class, other::resume)
                    .getMessage();
            assertTrue(message.contains("label smoothing 0.1"), message);
        }
    }
}
