package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import java.util.List;
import org.junit.jupiter.api.Test;

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

    @Test
    void whatDoesNotFitIsRefused() {
        assertThrows(UnknownNameException.class, () -> ConfusionMatrix.of(LABELS, List.of("eggs"), List.of("ham")));
        assertThrows(BadArgumentException.class, () -> ConfusionMatrix.of(LABELS, List.of("ham"), List.of()));
        assertThrows(BadArgumentException.class, () -> new ConfusionMatrix(LABELS, List.of(List.of(1))));
    }
}
