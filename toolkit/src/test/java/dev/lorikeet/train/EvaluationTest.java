package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Splits;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Prediction;
import dev.lorikeet.train.score.Accuracies;
import dev.lorikeet.train.score.Calibration;
import dev.lorikeet.train.score.ClassificationReport;
import dev.lorikeet.train.score.ConfusionMatrix;
import dev.lorikeet.train.score.Score;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Scores against those worked out from the model's answers to single texts. */
class EvaluationTest {

    private static Classifier model;

    @BeforeAll
    static void load() {
        model = Toys.frozen();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Score byHand(Table table) {
        int right = 0;
        double loss = 0;
        for (int i = 0; i < table.rowCount(); i++) {
            Prediction prediction = model.classify(table.stringColumn("text").get(i));
            String label = table.stringColumn("label").get(i);
            right += prediction.label().equals(label) ? 1 : 0;
            loss -= Math.log(prediction.probabilities().get(label));
        }
        return new Score((double) right / table.rowCount(), loss / table.rowCount(), table.rowCount());
    }

    private static void assertNear(Score expected, Score actual) {
        assertEquals(expected.accuracy(), actual.accuracy(), 1e-12);
        assertEquals(expected.loss(), actual.loss(), 1e-5);
        assertEquals(expected.examples(), actual.examples());
    }

    @Test
    void theConfusionMatrixCountsTheAnswersToSingleTexts() {
        Table table = Toys.table(11);
        List<String> said = table.stringColumn("text").asList().stream()
                .map(text -> model.classify(text).label())
                .toList();
        ConfusionMatrix expected =
                ConfusionMatrix.of(model.labels(), table.stringColumn("label").asList(), said);

        ConfusionMatrix matrix = Evaluation.of(model).quietly().batchSize(4).confusion(table);
        assertEquals(expected, matrix);
        assertEquals(11, matrix.total());
        assertEquals(byHand(table).accuracy(), matrix.accuracy(), 1e-12);
    }

    @Test
    void aMetricOfOnesOwnGetsLabelsAndPredictionsInTheOrderOfTheRows() {
        Table table = Toys.table(11);
        double surest = Evaluation.of(model).quietly().batchSize(4).metric(table, (labels, predictions) -> {
            assertEquals(table.stringColumn("label").asList(), labels);
            assertEquals(
                    table.stringColumn("text").asList(),
                    predictions.stream().map(Prediction::text).toList());
            return predictions.stream()
                    .mapToDouble(Prediction::probability)
                    .max()
                    .orElseThrow();
        });
        double expected = table.stringColumn("text").asList().stream()
                .mapToDouble(text -> model.classify(text).probability())
                .max()
                .orElseThrow();
        assertEquals(expected, surest, 1e-6);
    }

    private static Prediction prediction(double spam) {
        String label = spam > 0.5 ? "spam" : "ham";
        return new Prediction(
                "text", label, List.of(label), Math.max(spam, 1 - spam), Map.of("ham", 1 - spam, "spam", spam));
    }

    /** Worked out by hand, as netcal and scikit-learn's brier_score_loss (times two, for both labels) do it. */
    @Test
    void calibrationComparesConfidenceWithAccuracy() {
        List<Prediction> predictions = List.of(prediction(0.95), prediction(0.85), prediction(0.81), prediction(0.4));
        Calibration calibration = Calibration.of(predictions, List.of("spam", "spam", "ham", "ham"));

        assertEquals(3, calibration.bins().size());
        Calibration.Bin middle = calibration.bins().get(1);
        assertEquals(2, middle.texts());
        assertEquals(0.83, middle.confidence(), 1e-12);
        assertEquals(0.5, middle.accuracy(), 1e-12);
        assertEquals((0.05 + 2 * 0.33 + 0.4) / 4, calibration.error(), 1e-12);
        double brier = 2 * (0.05 * 0.05 + 0.15 * 0.15 + 0.81 * 0.81 + 0.4 * 0.4) / 4;
        assertEquals(brier, calibration.brier(), 1e-12);
        assertTrue(calibration.toString().contains("80 to 90 %"), calibration.toString());
        assertTrue(calibration.html().contains("80 to 90 %"));
    }

    @Test
    void calibrationCountsEveryRow() {
        Calibration calibration = Evaluation.of(model).quietly().calibration(Toys.table(11));
        assertEquals(
                11, calibration.bins().stream().mapToInt(Calibration.Bin::texts).sum());
        assertEquals(
                byHand(Toys.table(11)).accuracy(),
                calibration.bins().stream()
                                .mapToDouble(bin -> bin.texts() * bin.accuracy())
                                .sum()
                        / 11,
                1e-12);
        assertEquals(
                "no texts",
                Evaluation.of(model).quietly().calibration(Toys.table(0)).toString());
    }

    @Test
    void mistakesAreTheRowsWithAWrongAnswerTheMostConfidentFirst() {
        Table table = Toys.table(11);
        Table mistakes = Evaluation.of(model).quietly().batchSize(4).mistakes(table);
        assertEquals(List.of("text", "label", "predicted", "confidence"), mistakes.columnNames());
        List<Prediction> expected = IntStream.range(0, 11)
                .filter(row -> !model.classify(table.stringColumn("text").get(row))
                        .label()
                        .equals(table.stringColumn("label").get(row)))
                .mapToObj(row -> model.classify(table.stringColumn("text").get(row)))
                .sorted(Comparator.comparingDouble(prediction -> -prediction.probability()))
                .toList();
        assertTrue(!expected.isEmpty() && expected.size() < 11, "a model that is always right or wrong tests little");
        assertEquals(expected.size() + " mistakes in 11 texts", mistakes.name());
        assertEquals(
                expected.stream().map(Prediction::text).toList(),
                mistakes.stringColumn("text").asList());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(
                    expected.get(i).label(), mistakes.stringColumn("predicted").get(i));
            assertNotEquals(
                    expected.get(i).label(), mistakes.stringColumn("label").get(i));
            assertEquals(
                    expected.get(i).probability(),
                    mistakes.doubleColumn("confidence").get(i),
                    1e-5);
        }
        assertEquals(0, Evaluation.of(model).mistakes(Toys.table(0)).rowCount());
        ClassificationReport report = Evaluation.of(model).quietly().report(table);
        assertEquals(1 - expected.size() / 11.0, report.accuracy(), 1e-12);
    }

    @Test
    void isTheMeanOverAllExamplesWhateverTheBatches() {
        Table table = Toys.table(11);
        Score expected = byHand(table);
        for (int size : new int[] {1, 4, 8, 50}) {
            assertNear(expected, Evaluation.of(model).quietly().batchSize(size).on(table));
        }
        assertNear(expected, Evaluation.of(model).quietly().padTo(40).on(table));
    }

    @Test
    void looksAtTheFirstRowsOnly() {
        Score expected = byHand(Toys.table(6));
        assertNear(
                expected, Evaluation.of(model).quietly().batchSize(3).batches(2).on(Toys.table(11)));
        Evaluation all = Evaluation.of(model).quietly().batches(Integer.MAX_VALUE);
        assertEquals(11, all.on(Toys.table(11)).examples());
    }

    @Test
    void anEmptyPartHasNoScoreAndSaysSo() {
        Accuracies accuracies = Evaluation.of(model).quietly().on(Toys.splits(4, 0));
        assertEquals(0, accuracies.validation().examples());
        assertTrue(Double.isNaN(accuracies.validation().loss()));
        assertEquals("no examples", accuracies.test().toString());
        assertTrue(accuracies.toString().contains("Validation accuracy: no examples"), accuracies.toString());
        assertFalse(accuracies.html().contains("NaN"), accuracies.html());
        assertTrue(Double.isFinite(accuracies.train().loss()));
    }

    @Test
    void rendersTheThreeParts() {
        Accuracies accuracies =
                new Accuracies(new Score(1, 0.01, 1045), new Score(0.9664, 0.1, 149), new Score(0.98, 0.07, 300));
        assertEquals(
                "Training accuracy:   100.00 %%%nValidation accuracy: 96.64 %%%nTest accuracy:       98.00 %%"
                        .formatted(),
                accuracies.toString());
        assertTrue(accuracies.html().contains("96.64 %"), accuracies.html());
        assertEquals(
                "accuracy 98.00 %, loss 0.070 (300 examples)", accuracies.test().toString());
    }

    @Test
    void refusesWhatItCannotUse() {
        Evaluation evaluation = Evaluation.of(model);
        assertThrows(BadArgumentException.class, () -> evaluation.batches(0));
        assertThrows(BadArgumentException.class, () -> evaluation.batchSize(0));
        assertThrows(BadArgumentException.class, () -> evaluation.padTo(0));
        assertThrows(BadArgumentException.class, () -> evaluation.padTo(65).on(Toys.table(2)));
        Table strange = Table.create(
                "strange", StringColumn.create("label", List.of("eggs")), StringColumn.create("text", List.of("a")));
        assertThrows(UnknownNameException.class, () -> evaluation.on(new Splits(strange, strange, strange)));
    }
}
