package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Splits;
import dev.lorikeet.data.TextData;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.score.ClassificationReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Texts with several labels, or none. */
class MultiLabelTest {

    private static final List<String> LABELS = List.of("inn", "rain", "wind");

    @TempDir
    private Path home;

    /** Every set of the three words, each a label. */
    private static Table table(int rows) {
        List<String> labels = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            int set = i % 8;
            List<String> words = LABELS.stream()
                    .filter(word -> (set >> LABELS.indexOf(word) & 1) == 1)
                    .toList();
            labels.add(words.isEmpty() ? "[]" : "[\"" + String.join("\", \"", words) + "\"]");
            texts.add(String.join(
                    " and ", Stream.concat(words.stream(), Stream.of("hill")).toList()));
        }
        return Table.create("words", StringColumn.create("label", labels), StringColumn.create("text", texts));
    }

    private static Splits splits() {
        return new Splits(table(64), table(8), table(8));
    }

    @Test
    void splitsCountEachLabelByItself() {
        Splits split = TextData.of(table(80)).split(0.7, 0.1);
        assertEquals(LABELS, split.labels());
        String shown = split.toString();
        assertTrue(shown.matches("(?s).*train\\s+56\\s+28\\s+28\\s+28.*"), shown);
    }

    @Test
    void aSingleLabelMayStandInBrackets() {
        Table logs = Table.create(
                "logs",
                StringColumn.create("label", "[INFO]", "[WARN]", "[1]", "[\"rain\"]"),
                StringColumn.create("text", "started", "slow", "one", "wet"));
        Splits splits = new Splits(logs, logs.emptyCopy(), logs.emptyCopy());
        assertEquals(List.of("[\"rain\"]", "[1]", "[INFO]", "[WARN]"), splits.labels());
        try (PretrainedModel base = TinyModels.load("tiny-bert")) {
            Classifier classifier = base.classifier(splits.labels());
            assertEquals(4, Evaluation.of(classifier).quietly().on(logs).examples());
        }
    }

    /** −log σ(x) where a label holds, −log σ(−x) where it does not, and their mean, as PyTorch computes them. */
    @Test
    void theLossIsTheMeanOfEachLabelsOwn() {
        double[] logits = {2, -1, 30, -40, 0, 0.5};
        double[] labels = {1, 1, 0, 0, 1, 0};
        try (NDManager manager = Torch.manager()) {
            float[] loss = Loss.binaryCrossEntropy()
                    .of(
                            manager.create(floats(logits), new Shape(2, 3)),
                            manager.create(floats(labels), new Shape(2, 3)))
                    .toFloatArray();
            for (int row = 0; row < 2; row++) {
                double sum = 0;
                for (int i = 3 * row; i < 3 * row + 3; i++) {
                    double right = labels[i] > 0 ? logits[i] : -logits[i];
                    sum += Math.log1p(Math.exp(-right));
                }
                assertEquals(sum / 3, loss[row], 1e-5);
            }
        }
    }

    private static float[] floats(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Test
    void aClassifierLearnsEachLabelByItself() {
        Splits splits = splits();
        assertEquals(LABELS, splits.labels());
        Path adapter = home.resolve("adapter");
        Path whole = home.resolve("whole");
        double probability;
        try (PretrainedModel base = TinyModels.load("tiny-bert")) {
            Classifier classifier = base.classifier(splits.labels()).multiLabel();
            Lora.rank(8).inject(classifier);
            FineTune.of(classifier)
                    .on(splits)
                    .epochs(30)
                    .batchSize(8)
                    .learningRate(5e-3)
                    .quietly()
                    .run();
            ClassificationReport report = Evaluation.of(classifier).quietly().report(splits.test());
            assertEquals(1, report.accuracy(), 0.13);
            assertTrue(report.macro().f1() > 0.9, report.toString());
            assertEquals(
                    List.of("rain", "wind"),
                    classifier.classify("rain and wind and hill").labels());
            assertEquals(List.of(), classifier.classify("hill").labels());
            assertEquals("none: hill", classifier.classify("hill").toString());
            assertEquals(
                    "rain, wind: rain and wind and hill",
                    classifier.classify("rain and wind and hill").toString());
            assertEquals("none", classifier.classify(List.of("hill")).labels().get(0));
            probability = classifier.classify("rain and hill").probabilities().get("wind");
            classifier.save(adapter);
            classifier.merge().save(whole, DType.FLOAT32);
        }
        try (PretrainedModel base = TinyModels.load("tiny-bert");
                Classifier loaded = Models.classifier(adapter.toString(), base)) {
            assertTrue(loaded.isMultiLabel());
            assertEquals(
                    probability,
                    loaded.classify("rain and hill").probabilities().get("wind"),
                    1e-5);
        }
        try (Classifier loaded = Models.classifier(whole.toString(), DType.FLOAT32)) {
            assertTrue(loaded.isMultiLabel());
            assertEquals(
                    probability,
                    loaded.classify("rain and hill").probabilities().get("wind"),
                    1e-4);
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        Splits splits = splits();
        try (PretrainedModel base = TinyModels.load("tiny-bert")) {
            Classifier classifier = base.classifier(splits.labels()).multiLabel();
            classifier.freeze(false);
            ClassifierTuning tuning = FineTune.of(classifier).on(splits).quietly();
            assertRefused("loss", () -> tuning.loss(Loss.focal(2)).run());
            assertRefused("class weights", () -> FineTune.of(classifier)
                    .on(splits)
                    .balancedClassWeights()
                    .run());
            assertRefused("confusion", () -> Evaluation.of(classifier).confusion(splits.test()));
            Table other = Table.create(
                    "other",
                    StringColumn.create("label", "[\"rain\", \"snow\"]"),
                    StringColumn.create("text", "rain and snow"));
            String message = assertThrows(
                            UnknownNameException.class,
                            () -> Evaluation.of(classifier).quietly().on(other))
                    .getMessage();
            assertTrue(message.contains("snow"), message);
        }
    }

    private static void assertRefused(String what, Runnable call) {
        String message = assertThrows(BadArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(what), message);
    }
}
