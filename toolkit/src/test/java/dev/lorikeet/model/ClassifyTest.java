package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.text.Tokenizers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Many texts classified at once, against one by one. */
class ClassifyTest {

    /** Of 60 lengths, from 1 to 300 tokens, and none in order. */
    private static final List<String> TEXTS = IntStream.range(0, 60)
            .mapToObj(i -> "word " + i + " again".repeat(i * 37 % 60 * 5))
            .toList();

    private static Classifier model;

    @BeforeAll
    static void load() {
        model = Models.random("toy", PublishedShapes.gpt2(32, 2, 2), Tokenizers.gpt2(), 7)
                .classifier(3, List.of("ham", "spam"));
        model.freeze(true);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @EnumSource(Classifier.Pooling.class)
    void aListHasTheAnswersToSingleTexts(Classifier.Pooling pooling) {
        model.pooling(pooling);
        Predictions all = model.classify(TEXTS);
        assertEquals(TEXTS, all.stream().map(Prediction::text).toList());
        for (Prediction prediction : all) {
            Prediction single = model.classify(prediction.text());
            assertEquals(single.label(), prediction.label());
            assertEquals(single.probability(), prediction.probability(), 1e-5);
        }
        assertEquals(
                60, all.counts().values().stream().mapToLong(count -> count).sum());
        model.pooling(Classifier.Pooling.LAST_TOKEN);
    }

    @ParameterizedTest
    @EnumSource(Classifier.Pooling.class)
    void aFixedLengthPadsAndCutsEachText(Classifier.Pooling pooling) {
        model.pooling(pooling);
        double free = confidence(model.classify("word"));
        model.padTo(40);
        Predictions all = model.classify(TEXTS);
        for (Prediction prediction : all) {
            Prediction single = model.classify(prediction.text());
            assertEquals(single.probability(), prediction.probability(), 1e-5);
        }
        boolean looksAtPadding = pooling == Classifier.Pooling.LAST_POSITION;
        assertEquals(looksAtPadding, Math.abs(free - confidence(model.classify("word"))) > 1e-4);
        assertEquals(
                model.classify("again" + " again".repeat(39)).probability(),
                model.classify("again" + " again".repeat(200)).probability(),
                1e-5,
                "what is beyond the length is cut");
        model.padTo(0).pooling(Classifier.Pooling.LAST_TOKEN);
        assertThrows(BadArgumentException.class, () -> model.padTo(-1));
        assertThrows(BadArgumentException.class, () -> model.padTo(100_000));
    }

    private static double confidence(Prediction prediction) {
        return prediction.probability();
    }

    @Test
    void aTableGetsTwoColumns() {
        StringColumn messages = StringColumn.create("message", TEXTS.subList(0, 5));
        Table table = Table.create(
                "sms",
                IntColumn.create("id", 1, 2, 3, 4, 5),
                messages,
                DoubleColumn.create("confidence", new double[5]));
        Table classified = model.classify(table, "message");
        assertEquals(List.of("id", "message", "predicted", "confidence"), classified.columnNames());
        assertEquals(List.of("id", "message", "confidence"), table.columnNames());
        Predictions predictions = model.classify(messages);
        assertEquals(predictions.labels(), classified.stringColumn("predicted").asList());
        assertEquals(
                predictions.get(4).probability(),
                classified.doubleColumn("confidence").get(4),
                1e-12);
        assertEquals(
                List.of("text", "predicted", "confidence"), predictions.table().columnNames());
        assertTrue(assertThrows(UnknownNameException.class, () -> model.classify(table, "mesage"))
                .getMessage()
                .contains("Did you mean \"message\"?"));
    }

    @Test
    void anEmptyTextIsAPaddingTokenAndNoTextsGiveNoPredictions() {
        assertEquals(2, model.classify(List.of("", "a")).size());
        assertEquals(List.of(), model.classify(List.<String>of()));
    }

    @Test
    void manyTextsShowProgressAndCanBeStopped() {
        List<String> shown = new ArrayList<>();
        Progress.showOn((title, total) -> {
            shown.add(title + " " + total);
            return Progress.silent(title, total);
        });
        try {
            model.classify(TEXTS.subList(0, 10));
            assertEquals(List.of(), shown);
            model.classify(TEXTS);
            assertEquals(List.of("Classifying 60"), shown);
        } finally {
            Progress.showOn(Progress::silent);
        }
        Thread.currentThread().interrupt();
        assertThrows(StoppedException.class, () -> model.classify(TEXTS));
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void leavesNoArraysAndReadsWell() {
        int before = ManagedArrays.count(model.manager());
        Predictions all = model.classify(TEXTS);
        assertEquals(before, ManagedArrays.count(model.manager()));
        String first = all.toString().lines().findFirst().orElseThrow();
        String counts = all.counts().entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        assertEquals("60 texts, " + counts, first);
        assertTrue(all.html().contains("The first 20"), all.html());
    }
}
