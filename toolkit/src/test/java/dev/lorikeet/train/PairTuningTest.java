package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Documents;
import dev.lorikeet.data.pair.Pairs;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.embed.TextPooling;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.Optimizer;
import dev.lorikeet.train.step.PairInput;
import dev.lorikeet.train.step.PairObjective;
import dev.lorikeet.train.step.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Training of vectors on pairs of texts, with the other pairs of the batch as negatives. */
class PairTuningTest {

    private static final String FIRST = "question";
    private static final String SECOND = "answer";

    @TempDir
    private Path home;

    private static Table table(List<String> first, List<String> second) {
        return Table.create("pairs", StringColumn.create(FIRST, first), StringColumn.create(SECOND, second));
    }

    /** What belongs together has nothing in common but what is learned. */
    private static Table rhymes(int rows) {
        String[] from = {"rain", "wind", "the inn", "and", "an hill", "other", "pond", "over there"};
        String[] to = {"z", "y", "x", "w", "v", "u", "t", "s"};
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            first.add(from[i % from.length]);
            second.add(to[i % to.length]);
        }
        return table(first, second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-bert", "tiny-roberta", "tiny-distilbert", "tiny-modernbert"})
    void lossAndGradientAreThoseOfPyTorch(String name) {
        JsonObject expected = TestData.json(TinyModels.resources(name).resolve("expected.json"));
        List<String> texts = new ArrayList<>();
        expected.getAsJsonArray("texts").forEach(text -> texts.add(text.getAsString()));
        try (PretrainedModel model = TinyModels.load(name)) {
            model.freeze(false);
            Pairs pairs =
                    Pairs.encode(table(texts.subList(0, 2), texts.subList(2, 4)), FIRST, SECOND, model.tokenizer(), 64);
            try (Optimizer optimizer = new Optimizer(AdamW.of(0.1), model.parameters(), model.manager())) {
                Step step =
                        Toys.step(new PairObjective(model, TextPooling.MEAN, 20), optimizer, MemoryOptions.DEFAULT, 1);
                Step.StepResult result = step.run(pairs.inOrder(2, model.padId()), 0.1, (batch, seen) -> {});
                JsonObject paired = expected.getAsJsonObject("pairs");
                double norm = paired.get("norm").getAsDouble();
                assertEquals(paired.get("loss").getAsDouble(), result.loss(), 1e-3);
                assertEquals(norm, result.gradientNorm(), norm * 1e-3);
            }
        }
    }

    @Test
    void anAdapterLearnsWhatBelongsTogether() {
        Path folder = home.resolve("adapter");
        double similarity;
        try (PretrainedModel model = TinyModels.load("tiny-bert")) {
            Lora.rank(8).inject(model);
            Table pairs = rhymes(64);
            PairTuning shown = FineTune.pairs(model).on(pairs, FIRST, SECOND);
            assertTrue(shown.html().contains("64 pairs"), shown.html());
            assertTrue(shown.estimate().parts().activations() > 0);
            TrainingRun run = FineTune.pairs(model)
                    .on(pairs, FIRST, SECOND)
                    .validation(rhymes(8))
                    .batchSize(8)
                    .epochs(15)
                    .learningRate(1e-2)
                    .quietly()
                    .run();
            assertTrue(run.toString().contains("completed"), run.toString());
            var answers = model.embed(rhymes(8).column(SECOND));
            assertEquals("y", answers.search("wind", 1).stringColumn("text").get(0));
            similarity = model.embed("wind", "y").similarity(0, 1);
            model.save(folder);
        }
        try (PretrainedModel loaded =
                Models.load(folder.toString(), TinyModels.folder("tiny-bert").toString())) {
            assertEquals(similarity, loaded.embed("wind", "y").similarity(0, 1), 1e-5);
        }
    }

    @Test
    void anEqualTextIsNoNegative() {
        try (PretrainedModel model = TinyModels.load("tiny-bert")) {
            Pairs pairs = Pairs.encode(
                    table(List.of("rain", "wind", "inn"), List.of("the hill", "the hill", "an inn")),
                    FIRST,
                    SECOND,
                    model.tokenizer(),
                    64);
            Batch batch = pairs.inOrder(3, 0).get(0);
            PairInput input = (PairInput) new PairObjective(model, TextPooling.MEAN, 20).lossInput(batch);
            assertTrue(input.same()[0][1] && input.same()[1][0] && !input.same()[0][2]);
        }
    }

    @Test
    void badInputIsRefused() {
        try (PretrainedModel model = TinyModels.load("tiny-bert")) {
            Lora.rank(2).inject(model);
            PairTuning tuning = FineTune.pairs(model);
            assertThrows(LorikeetException.class, tuning::run);
            assertThrows(BadArgumentException.class, () -> tuning.batchSize(1));
            assertThrows(BadArgumentException.class, () -> tuning.scale(0));
            assertThrows(LorikeetException.class, () -> tuning.on(rhymes(32), FIRST, "reply")
                    .run());
            String message = assertThrows(BadArgumentException.class, () -> tuning.on(
                                    table(List.of("a", ""), List.of("b", "c")), FIRST, SECOND)
                            .run())
                    .getMessage();
            assertTrue(message.contains("row 2 of the column \"question\""), message);
            message = assertThrows(LorikeetException.class, () -> FineTune.of(model)
                            .on(Documents.of(rhymes(8), FIRST).length(8).batch(2))
                            .run())
                    .getMessage();
            assertTrue(message.contains("is an encoder"), message);
        }
    }
}
