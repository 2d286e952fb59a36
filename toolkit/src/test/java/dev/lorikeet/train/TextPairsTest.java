package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Splits;
import dev.lorikeet.data.TextData;
import dev.lorikeet.data.number.ScoredTexts;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.References;
import dev.lorikeet.model.Regressor;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.train.score.Score;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Two texts in a row: as transformers reads them, and learned from. */
class TextPairsTest {

    private static final float TOLERANCE = 1e-4f;

    private static JsonObject expected(String name) {
        return TestData.json(TinyModels.resources(name).resolve("pairs.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-bert", "tiny-roberta", "tiny-distilbert", "tiny-modernbert"})
    void pairsAreReadAsTransformersReadsThem(String name) {
        JsonObject expected = expected(name);
        List<String> texts = EncodersTest.strings(expected, "texts");
        List<String> seconds = EncodersTest.strings(expected, "seconds");
        JsonArray rows = expected.getAsJsonArray("rows");
        try (PretrainedModel base = TinyModels.load(name)) {
            Classifier classifier = EncodersTest.adapted(name, base);
            for (int i = 0; i < rows.size(); i++) {
                JsonObject row = rows.get(i).getAsJsonObject();
                Tokenizer.EncodedPair whole = classifier.tokenizer().encodePair(texts.get(i), seconds.get(i), 64);
                assertArrayEquals(References.ints(row.getAsJsonArray("ids")), whole.ids());
                assertArrayEquals(References.ints(row.getAsJsonArray("types")), whole.segmentIds());
                int[] cut = classifier
                        .tokenizer()
                        .encodePair(
                                texts.get(i),
                                seconds.get(i),
                                expected.get("short").getAsInt())
                        .ids();
                assertArrayEquals(References.ints(row.getAsJsonArray("cut")), cut, texts.get(i));
                float[][] logits = classifier.logits(
                        new int[][] {whole.ids()}, new int[] {whole.ids().length}, new int[][] {whole.segmentIds()});
                assertArrayEquals(References.floats(row.get("logits")), logits[0], TOLERANCE, texts.get(i));
            }
            List<String> alone = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                alone.add(classifier.classify(texts.get(i), seconds.get(i)).toString());
            }
            assertEquals(
                    alone,
                    classifier.classify(texts, seconds).stream()
                            .map(Object::toString)
                            .toList());
        }
    }

    /** Pairs of words of which the label says whether they are the same. */
    private static Table table(int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> words = List.of("rain", "wind");
        String[] first = new String[rows];
        String[] second = new String[rows];
        String[] labels = new String[rows];
        double[] numbers = new double[rows];
        for (int i = 0; i < rows; i++) {
            first[i] = words.get(random.nextInt(2));
            second[i] = words.get(random.nextInt(2));
            labels[i] = first[i].equals(second[i]) ? "same" : "other";
            numbers[i] = first[i].equals(second[i]) ? 1 : -1;
        }
        return Table.create(
                "words",
                StringColumn.create("one", first),
                StringColumn.create("two", second),
                StringColumn.create("label", labels),
                DoubleColumn.create("number", numbers));
    }

    private static Splits splits() {
        return TextData.of(table(400, 1), "one", "label").second("two").split(0.8, 0.1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-bert", "tiny-modernbert"})
    void aClassifierLearnsWhatOnlyBothTextsTell(String name, @TempDir Path folder) {
        Splits splits = splits();
        assertEquals(List.of("label", "text", "second"), splits.train().columnNames());
        assertEquals(
                splits.test().column("second").asList(),
                Splits.load(splits.save(folder).equals(splits) ? folder : null)
                        .test()
                        .column("second")
                        .asList());
        try (Classifier classifier = TinyModels.load(name).classifier(splits.labels())) {
            Lora.rank(8).alpha(16).on(Targets.ALL_LINEAR).inject(classifier);
            FineTune.of(classifier)
                    .on(splits)
                    .epochs(8)
                    .learningRate(5e-3)
                    .quietly()
                    .run();
            Score score = Evaluation.of(classifier).quietly().on(splits.test());
            assertEquals(1, score.accuracy(), 0.05, score.toString());
            assertEquals(
                    1, Evaluation.of(classifier).quietly().report(splits.test()).accuracy(), 0.05);
            assertEquals("same", classifier.classify("wind", "wind").label());
            assertEquals("other", classifier.classify("wind", "rain").label());
            assertEquals("wind | rain", classifier.classify("wind", "rain").text());
            Table classified = classifier.classify(table(10, 3), "one", "two");
            assertEquals(
                    classified.column("label").asList(),
                    classified.column("predicted").asList());
        }
    }

    @Test
    void aRegressorRanksTexts() {
        ScoredTexts data = ScoredTexts.of(table(400, 1), "one", "two", "number");
        try (Regressor regressor = TinyModels.load("tiny-bert").regressor("likeness")) {
            Lora.rank(8).alpha(16).on(Targets.ALL_LINEAR).inject(regressor);
            FineTune.of(regressor)
                    .on(data.split(0.8, 0.1))
                    .epochs(8)
                    .learningRate(5e-3)
                    .quietly()
                    .run();
            ScoredTexts test = ScoredTexts.of(table(40, 2), "one", "two", "number");
            assertTrue(Evaluation.of(regressor).on(test).r2() > 0.8);
            assertTrue(
                    Evaluation.of(regressor).mistakes(test).getString(0, "text").contains(" | "));
            Table ranked = regressor.rank("wind", List.of("rain", "wind"));
            assertEquals(List.of("wind", "rain"), ranked.column("text").asList());
            Table predicted = regressor.predict(table(10, 3), "one", "two");
            assertEquals(
                    regressor.predict(predicted.getString(0, "one"), predicted.getString(0, "two")),
                    predicted.doubleColumn("predicted").get(0),
                    1e-5);
        }
    }

    @Test
    void badInputIsRefused() {
        Splits splits = splits();
        try (Classifier decoder = TinyModels.load("tiny-gpt2").classifier(splits.labels());
                Classifier encoder = TinyModels.load("tiny-bert").classifier(splits.labels())) {
            Lora.rank(2).inject(decoder);
            for (String message : Arrays.asList(
                    message(() -> decoder.classify("rain", "wind")),
                    message(() -> FineTune.of(decoder).on(splits).run()),
                    message(() -> Evaluation.of(decoder).on(splits.test())))) {
                assertTrue(message.contains("only encoders read pairs"), message);
            }
            assertThrows(UnknownNameException.class, () -> TextData.of(table(4, 1), "one", "label")
                    .second("three"));
            assertThrows(BadArgumentException.class, () -> encoder.classify(List.of("rain"), List.of()));
            double probability = encoder.classify("the rain", "the wind").probability();
            assertEquals(
                    probability,
                    encoder.padTo(20).classify("the rain", "the wind").probability(),
                    1e-5);
            String text = "the rain and the wind and the rain";
            assertEquals(
                    encoder.padTo(9).classify("the rain and", "the rain and").probability(),
                    encoder.classify(text, text).probability(),
                    1e-5);
            assertThrows(BadArgumentException.class, () -> encoder.tokenizer().encodePair("rain", "wind", 3));
        }
    }

    private static String message(Executable call) {
        return assertThrows(LorikeetException.class, call).getMessage();
    }
}
