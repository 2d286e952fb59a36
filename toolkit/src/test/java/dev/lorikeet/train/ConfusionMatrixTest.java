package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.train.score.ClassificationReport;
import dev.lorikeet.train.score.ConfusionMatrix;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class ConfusionMatrixTest {

    private static final List<String> LABELS = List.of("ham", "spam");
    private static final ConfusionMatrix MATRIX = ConfusionMatrix.of(
            LABELS,
            List.of("ham", "ham", "ham", "ham", "spam", "spam"),
            List.of("ham", "ham", "ham", "spam", "spam", "ham"));

    @Test
    void sharesAreThoseOfRowsAndColumns() {
        assertEquals(List.of(List.of(3, 1), List.of(1, 1)), MATRIX.counts());
        assertEquals(1, MATRIX.count("ham", "spam"));
        assertEquals(6, MATRIX.total());
        assertEquals(4.0 / 6, MATRIX.accuracy(), 1e-12);
        assertEquals(0.75, MATRIX.recall("ham"), 1e-12);
        assertEquals(0.5, MATRIX.precision("spam"), 1e-12);
    }

    @Test
    void whatHasNoTextsHasNoShare() {
        ConfusionMatrix empty = ConfusionMatrix.of(LABELS, List.of(), List.of());

        assertTrue(Double.isNaN(empty.accuracy()) && Double.isNaN(empty.recall("ham")));
        assertTrue(empty.html().contains("–"), empty.html());
    }

    @Test
    void isReadableInBothForms() {
        assertTrue(MATRIX.toString().contains("ham predicted as ham 3, spam 1"), MATRIX.toString());
        assertTrue(MATRIX.html().contains("predicted spam") && MATRIX.html().contains("75.00 %"), MATRIX.html());
    }

    /** The first example in scikit-learn's documentation of classification_report. */
    @Test
    void theReportCountsAsScikitLearnDoes() {
        ClassificationReport report = ConfusionMatrix.of(
                        List.of("class 0", "class 1", "class 2"),
                        List.of("class 0", "class 1", "class 2", "class 2", "class 2"),
                        List.of("class 0", "class 0", "class 2", "class 2", "class 1"))
                .report();
        assertRow(report.classes().get(0), 0.5, 1, 2.0 / 3, 1);
        assertRow(report.classes().get(1), 0, 0, 0, 1);
        assertRow(report.classes().get(2), 1, 2.0 / 3, 0.8, 3);
        assertRow(report.macro(), 0.5, 5.0 / 9, 22.0 / 45, 5);
        assertRow(report.weighted(), 0.7, 0.6, 46.0 / 75, 5);
        assertEquals(0.6, report.accuracy(), 1e-12);

        Table table = report.table();
        assertEquals(List.of("label", "precision", "recall", "f1", "support"), table.columnNames());
        assertEquals("weighted average", table.stringColumn("label").get(4));
        assertEquals(46.0 / 75, table.doubleColumn("f1").get(4), 1e-12);
        assertTrue(report.toString().contains("accuracy 60.00 %"), report.toString());
        assertTrue(report.toString().contains("66.7 %     80.0 %          3"), report.toString());
        assertTrue(
                report.html().contains("<b>macro average</b>") && report.html().contains("48.9 %"), report.html());
        assertEquals(
                0,
                ConfusionMatrix.of(LABELS, List.of(), List.of())
                        .report()
                        .weighted()
                        .f1());
    }

    private static void assertRow(
            ClassificationReport.ClassScore row, double precision, double recall, double f1, int support) {
        assertEquals(precision, row.precision(), 1e-12, row.label());
        assertEquals(recall, row.recall(), 1e-12, row.label());
        assertEquals(f1, row.f1(), 1e-12, row.label());
        assertEquals(support, row.support(), row.label());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThrows(UnknownNameException.class, () -> ConfusionMatrix.of(LABELS, List.of("eggs"), List.of("ham")));
        assertThrows(BadArgumentException.class, () -> ConfusionMatrix.of(LABELS, List.of("ham"), List.of()));
        assertThrows(BadArgumentException.class, () -> new ConfusionMatrix(LABELS, List.of(List.of(1))));
    }
}
