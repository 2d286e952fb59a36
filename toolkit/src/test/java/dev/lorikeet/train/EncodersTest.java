package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.ModelShape;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.Prediction;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.References;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.embed.Embedder;
import dev.lorikeet.model.embed.TextPooling;
import dev.lorikeet.model.input.ModelInput;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.ClassifierObjective;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.Optimizer;
import dev.lorikeet.train.step.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Small checkpoints of each family of encoders against transformers and PEFT; see encoder_fixtures.py. */
class EncodersTest {

    static final List<String> ALL =
            List.of("tiny-bert", "tiny-roberta", "tiny-distilbert", "tiny-modernbert", "tiny-modernbert-mean");

    private static final float TOLERANCE = 1e-4f;

    static List<String> all() {
        return ALL;
    }

    static List<Arguments> bothWays() {
        return ALL.stream()
                .flatMap(name -> Stream.of(Arguments.of(name, false), Arguments.of(name, true)))
                .toList();
    }

    static JsonObject expected(String name) {
        return TestData.json(TinyModels.resources(name).resolve("expected.json"));
    }

    static List<String> strings(JsonObject json, String key) {
        List<String> all = new ArrayList<>();
        json.getAsJsonArray(key).forEach(element -> all.add(element.getAsString()));
        return all;
    }

    /** A new classifier with the adapter that PEFT saved. */
    static Classifier adapted(String name, PretrainedModel base) {
        Classifier classifier = base.classifier(strings(expected(name), "labels"));
        Lora.load(TinyModels.resources(name).resolve("adapter"), classifier);
        return classifier;
    }

    private static Batch batch(JsonObject expected, int padId) {
        int[][] rows = References.rows(expected.getAsJsonArray("ids"));
        int width = Arrays.stream(rows).mapToInt(row -> row.length).max().orElseThrow();
        int[] lengths = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            lengths[i] = rows[i].length;
            rows[i] = Arrays.copyOf(rows[i], width);
            Arrays.fill(rows[i], lengths[i], width, padId);
        }
        return new Batch(rows, lengths, References.ints(expected.getAsJsonArray("targets")), padId);
    }

    @ParameterizedTest
    @MethodSource("all")
    void idsAndStatesAreThoseOfTransformers(String name) {
        JsonObject expected = expected(name);
        try (PretrainedModel model = TinyModels.load(name);
                NDManager scope = model.manager().newSubManager()) {
            Batch batch = batch(expected, model.padId());
            List<String> texts = strings(expected, "texts");
            for (int i = 0; i < texts.size(); i++) {
                assertArrayEquals(
                        Arrays.copyOf(batch.ids()[i], batch.lengths()[i]), model.encode(texts.get(i)), texts.get(i));
            }
            ForwardContext context = ModelInput.padded(batch.ids(), batch.lengths(), ForwardContext.Reading.POOLED)
                    .context(scope, false);
            NDArray states = model.transformer()
                    .normalised(model.transformer().hidden(model.ids(scope, batch.ids()), context), context);
            for (int i = 0; i < texts.size(); i++) {
                JsonArray rows = expected.getAsJsonArray("states").get(i).getAsJsonArray();
                for (int at = 0; at < rows.size(); at++) {
                    assertArrayEquals(
                            References.floats(rows.get(at)),
                            states.get(i, at).toFloatArray(),
                            TOLERANCE,
                            i + ", " + at);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void vectorsOfTextsTogetherAreThoseOfTextsAlone(String name) {
        try (PretrainedModel model = TinyModels.load(name)) {
            List<String> texts = strings(expected(name), "texts");
            float[][] together = model.embed(texts).toArray();
            for (int i = 0; i < texts.size(); i++) {
                assertArrayEquals(model.embed(texts.get(i)).vector(0), together[i], 1e-5f, texts.get(i));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void anAdapterOfPeftClassifiesAsThere(String name) {
        JsonObject expected = expected(name);
        try (PretrainedModel base = TinyModels.load(name)) {
            assertLogits(expected, adapted(name, base));
        }
    }

    static void assertLogits(JsonObject expected, Classifier classifier) {
        Batch batch = batch(expected, classifier.padId());
        float[][] logits = classifier.logits(batch.ids(), batch.lengths());
        for (int i = 0; i < logits.length; i++) {
            assertArrayEquals(
                    References.floats(expected.getAsJsonArray("logits").get(i)), logits[i], TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void stepsHaveTheLossesAndGradientsOfPeft(String name, boolean recompute) {
        JsonObject expected = expected(name);
        JsonObject steps = expected.getAsJsonObject("steps");
        try (PretrainedModel base = TinyModels.load(name)) {
            Classifier classifier = adapted(name, base);
            double rate = expected.get("rate").getAsDouble();
            AdamW settings = AdamW.of(rate).weightDecay(0);
            try (Optimizer optimizer = new Optimizer(settings, classifier.parameters(), classifier.manager())) {
                Step step = Toys.step(
                        new ClassifierObjective(classifier),
                        optimizer,
                        new MemoryOptions(recompute, 0),
                        expected.get("clip").getAsDouble());
                Batch batch = batch(expected, classifier.padId());
                float[] losses = References.floats(steps.get("losses"));
                float[] norms = References.floats(steps.get("norms"));
                for (int i = 0; i < losses.length; i++) {
                    Step.StepResult result = step.run(List.of(batch), rate, (rows, seen) -> {});
                    assertEquals(losses[i], result.loss(), 1e-3 * (1 + losses[i]), "loss of step " + i);
                    assertEquals(norms[i], result.gradientNorm(), 1e-3 * (1 + norms[i]), "gradient of step " + i);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aShapeCountsAsTheModelDoes(String name) {
        ModelShape shape = Models.shape(TinyModels.folder(name));
        try (PretrainedModel base = TinyModels.load(name)) {
            assertEquals(base.parameterCount(), shape.parameterCount());
            Classifier classifier = base.classifier("a", "b", "c");
            assertEquals(classifier.parameterCount(), shape.classifier(3).parameterCount());
            Lora.rank(2).inject(classifier);
            assertEquals(
                    classifier.parameterCount(),
                    shape.classifier(3).with(Lora.rank(2)).parameterCount());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void anAdapterTrainsTheHeadInFull(String name) {
        try (PretrainedModel base = TinyModels.load(name)) {
            Classifier classifier = base.classifier("a", "b");
            LoraAdapter adapter = Lora.rank(2).on(Targets.ALL_LINEAR).inject(classifier);
            assertTrue(adapter.config().modulesToSave().contains("classifier"));
            assertTrue(classifier.transformer().head().loraWeights().isEmpty());
            assertTrue(classifier.transformer().head().weightSlot().used().requiresGradient());
        }
    }

    @Test
    void anEncoderSaysThatItDoesNotWrite() {
        try (PretrainedModel model = TinyModels.load("tiny-bert")) {
            String message = assertThrows(LorikeetException.class, () -> model.generate("rain", 3))
                    .getMessage();
            assertTrue(message.contains("is an encoder (bert)") && message.contains("classifier(labels)"), message);
        }
    }

    /** A decoder's tokens do not see the padding after them, and its last token has seen the whole text. */
    @ParameterizedTest
    @EnumSource(TextPooling.class)
    void decodersGiveVectorsToo(TextPooling pooling) {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            List<String> texts = List.of("the rain", "the wind and the rain in the hills");
            Embedder embedder = model.embedder().pooling(pooling);
            float[][] together = embedder.embed(texts).toArray();
            for (int i = 0; i < texts.size(); i++) {
                assertArrayEquals(embedder.embed(texts.get(i)).vector(0), together[i], 1e-5f, texts.get(i));
            }
            assertEquals(TextPooling.LAST_TOKEN, model.embedder().pooling());
        }
    }

    @Test
    void aLongTextKeepsItsLastToken() {
        try (PretrainedModel model = TinyModels.load("tiny-bert")) {
            int[] ids = model.encode("rain ".repeat(200));
            assertEquals(model.config().contextLength(), ids.length);
            assertEquals(model.tokenizer().id("[SEP]").getAsInt(), ids[ids.length - 1]);
        }
    }

    @Test
    void aPredictionOfManyIsThatOfOne() {
        try (PretrainedModel base = TinyModels.load("tiny-roberta")) {
            Classifier classifier = adapted("tiny-roberta", base);
            List<String> texts = strings(expected("tiny-roberta"), "texts");
            List<Prediction> together = classifier.classify(texts);
            for (int i = 0; i < texts.size(); i++) {
                assertEquals(
                        classifier.classify(texts.get(i)).probability(),
                        together.get(i).probability(),
                        1e-5);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void bfloat16ComputesNearlyTheSame(String name) {
        JsonObject expected = expected(name);
        try (PretrainedModel base = TinyModels.load(name)) {
            Classifier classifier = adapted(name, base);
            Batch batch = batch(expected, classifier.padId());
            float[][] exact = classifier.logits(batch.ids(), batch.lengths());
            classifier.computeDtype(DType.BFLOAT16);
            float[][] rounded = classifier.logits(batch.ids(), batch.lengths());
            for (int i = 0; i < exact.length; i++) {
                assertArrayEquals(exact[i], rounded[i], 0.2f);
            }
            AdamW settings = AdamW.of(1e-2).weightDecay(0);
            try (Optimizer optimizer = new Optimizer(settings, classifier.parameters(), classifier.manager())) {
                Step.StepResult result = Toys.step(
                                new ClassifierObjective(classifier), optimizer, MemoryOptions.DEFAULT, 1)
                        .run(List.of(batch), 1e-2, (rows, seen) -> {});
                double loss =
                        References.floats(expected.getAsJsonObject("steps").get("losses"))[0];
                assertEquals(loss, result.loss(), 0.05 * (1 + loss));
            }
        }
    }

    /** The blocks give by themselves what they give within the model. */
    @Test
    void blocksOfDjlPassOnTheirOwn() {
        try (PretrainedModel base = TinyModels.load("tiny-bert");
                NDManager scope = base.manager().newSubManager()) {
            Classifier classifier = adapted("tiny-bert", base);
            Transformer transformer = classifier.transformer();
            int[][] ids = {classifier.encode("the rain")};
            ParameterStore store = new ParameterStore(scope, false);
            NDArray rows = classifier.ids(scope, ids);
            NDArray x = transformer
                    .embeddings()
                    .forward(store, new NDList(rows), false)
                    .head();
            ForwardContext context = ForwardContext.of(scope, false);
            assertArrayEquals(transformer.enter(rows, context).x().toFloatArray(), x.toFloatArray(), 1e-6f);
            NDArray first = transformer.hidden(rows, context).get(":, 0");
            NDArray pooled = transformer
                    .pooler()
                    .forward(store, new NDList(first), false)
                    .head();
            NDArray logits =
                    transformer.head().forward(store, new NDList(pooled), false).head();
            assertArrayEquals(classifier.logits(ids, new int[] {ids[0].length})[0], logits.toFloatArray(), 1e-5f);
        }
    }
}
