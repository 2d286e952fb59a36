package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.span.SpanData;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.Tagger;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.text.span.Span;
import dev.lorikeet.text.span.Tagged;
import dev.lorikeet.train.checkpoint.CheckpointMismatchException;
import dev.lorikeet.train.history.History;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.score.SpanReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spans that a small model learns to find, and what becomes of the model then. */
class TaggerTuningTest {

    private static final List<String> OTHERS = List.of("the", "and", "then", "over");

    /** Texts in which "rain" and "wind" are weather, together too, and "inn" is a place. */
    private static SpanData data(int texts, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Tagged> made = new ArrayList<>();
        for (int i = 0; i < texts; i++) {
            StringBuilder text = new StringBuilder(other(random));
            List<Span> spans = new ArrayList<>();
            String weather = random.nextBoolean() ? " rain wind" : random.nextBoolean() ? " rain" : " wind";
            int start = text.length() + 1;
            text.append(weather);
            spans.add(new Span(start, text.length(), "weather"));
            text.append(' ').append(other(random));
            if (random.nextBoolean()) {
                spans.add(new Span(text.length() + 1, text.length() + 4, "place"));
                text.append(" inn");
            }
            made.add(new Tagged(text.toString(), spans));
        }
        return SpanData.of(made);
    }

    private static String other(SplittableRandom random) {
        return OTHERS.get(random.nextInt(OTHERS.size()));
    }

    private static Tagger trained(String name, SpanData data) {
        Tagger tagger = TinyModels.load(name).tagger(data.kinds());
        Lora.rank(4).alpha(8).on(Targets.ALL_LINEAR).inject(tagger);
        TrainingRun run = FineTune.of(tagger)
                .on(data)
                .validation(data(16, 3))
                .epochs(6)
                .learningRate(5e-3)
                .evaluateEvery(20)
                .quietly()
                .run();
        List<Double> accuracies =
                run.history().steps().stream().map(History.StepRecord::accuracy).toList();
        assertTrue(accuracies.get(run.steps() - 1) > 0.9, name + ": " + accuracies);
        assertTrue(run.history().evaluations().stream().allMatch(look -> look.validationLoss() > 0));
        return tagger;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-bert", "tiny-modernbert", "tiny-llama"})
    void spansAreLearned(String name) {
        try (Tagger tagger = trained(name, data(160, 1))) {
            SpanData test = data(40, 2);
            SpanReport report = Evaluation.of(tagger).on(test);
            assertTrue(report.f1() > 0.9, report.toString());
            assertEquals(List.of("place", "weather"), tagger.kinds());
            assertEquals(
                    test.counts().get("weather").intValue(),
                    report.kinds().get(1).support());
            assertTrue(report.html().contains("Precision"));
            assertTrue(Evaluation.of(tagger).mistakes(test).rowCount() <= 10);
            Tagged one = tagger.tag("then rain wind over inn");
            assertEquals(
                    one.spans(),
                    tagger.tag(List.of("the", one.text())).get(1).spans().stream()
                            .map(span -> one.spans().stream()
                                    .filter(span::matches)
                                    .findFirst()
                                    .orElse(span))
                            .toList());
        }
    }

    @Test
    void anAdapterKnowsItsTags(@TempDir Path folder) {
        Path saved = folder.resolve("tagger");
        Tagged before;
        try (Tagger tagger = trained("tiny-bert", data(160, 1))) {
            before = tagger.tag("then rain wind over inn");
            tagger.save(saved);
        }
        try (Tagger again = Models.tagger(saved.toString())) {
            assertEquals(before.named(), again.tag(before.text()).named());
            assertEquals(List.of("O", "B-place", "I-place", "B-weather", "I-weather"), again.labels());
        }
        String message = assertThrows(BadFileException.class, () -> Models.classifier(saved))
                .getMessage();
        assertTrue(message.contains("holds the adapter of a tagger") && message.contains("Models.tagger("), message);
        assertThrows(BadFileException.class, () -> Models.load(saved));
        try (PretrainedModel base = TinyModels.load("tiny-bert")) {
            String other = assertThrows(BadFileException.class, () -> Lora.load(saved, base.classifier("a", "b")))
                    .getMessage();
            assertTrue(other.contains("belongs to a tagger; the model is a classifier"), other);
        }
    }

    @Test
    void aRunResumes(@TempDir Path folder) {
        SpanData data = data(40, 1);
        List<Double> losses;
        try (Tagger tagger = fresh(data)) {
            losses = Toys.losses(tuning(tagger, data).run());
        }
        try (Tagger tagger = fresh(data)) {
            tuning(tagger, data).maxSteps(3).saveEvery(1, folder).run();
        }
        try (Tagger tagger = fresh(data)) {
            assertEquals(
                    losses,
                    Toys.losses(tuning(tagger, data).saveEvery(1, folder).resume()));
        }
        try (Tagger tagger = fresh(data)) {
            assertThrows(
                    CheckpointMismatchException.class,
                    () -> tuning(tagger, data(40, 7)).saveEvery(1, folder).resume());
        }
    }

    private static Tagger fresh(SpanData data) {
        Tagger tagger = TinyModels.load("tiny-bert").tagger(data.kinds());
        Lora.rank(4).inject(tagger);
        return tagger;
    }

    private static TaggerTuning tuning(Tagger tagger, SpanData data) {
        return FineTune.of(tagger)
                .on(data.split(0.8, 0.2))
                .epochs(2)
                .evaluateEvery(2)
                .quietly();
    }

    @Test
    void textsWithoutWordsAreEvaluatedAndTrainedOn() {
        SpanData data = data(16, 1);
        SpanData empty = SpanData.of(List.of(new Tagged("", List.of()), new Tagged(" ", List.of())));
        try (Tagger tagger = fresh(data)) {
            TrainingRun run = FineTune.of(tagger)
                    .on(data)
                    .validation(empty)
                    .epochs(1)
                    .evaluateEvery(1)
                    .quietly()
                    .run();
            assertEquals(2, run.steps());
            assertEquals(0, Evaluation.of(tagger).on(empty).micro().support());
        }
    }

    @Test
    void badInputIsRefusedBeforeTheFirstStep() {
        try (PretrainedModel base = TinyModels.load("tiny-bert")) {
            assertThrows(BadArgumentException.class, () -> base.tagger());
            assertThrows(BadArgumentException.class, () -> base.tagger("place", "place"));
            Tagger tagger = base.tagger("place");
            Lora.rank(2).inject(tagger);
            assertThrows(LorikeetException.class, () -> FineTune.of(tagger).run());
            assertThrows(
                    UnknownNameException.class,
                    () -> FineTune.of(tagger).on(data(20, 1)).run());
            assertThrows(BadArgumentException.class, () -> FineTune.of(tagger)
                    .on(data(20, 1))
                    .loss(Loss.meanSquaredError())
                    .run());
            assertThrows(BadArgumentException.class, () -> tagger.tag((String) null));
            assertEquals(List.of(), tagger.tag("").spans());
            assertEquals(List.of(), tagger.tag(List.of()));
            String message = assertThrows(LorikeetException.class, () -> base.generate("rain", 2))
                    .getMessage();
            assertTrue(message.contains("is an encoder"), message);
        }
    }
}
