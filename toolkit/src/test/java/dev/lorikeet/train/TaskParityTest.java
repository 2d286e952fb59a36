package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Example;
import dev.lorikeet.data.RowTarget;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.References;
import dev.lorikeet.model.Regressor;
import dev.lorikeet.model.Tagger;
import dev.lorikeet.model.TaskModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.Objective;
import dev.lorikeet.train.step.Optimizer;
import dev.lorikeet.train.step.RegressorObjective;
import dev.lorikeet.train.step.RowInput;
import dev.lorikeet.train.step.Step;
import dev.lorikeet.train.step.TaggerObjective;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Taggers and regressors on small checkpoints against transformers and PEFT; see encoder_task_fixtures.py. */
class TaskParityTest {

    private static final float TOLERANCE = 1e-4f;
    private static final String TAGGER = "tagger";
    private static final String REGRESSOR = "regressor";

    /** A checkpoint with the adapter of a task. */
    private record Case(String name, String task) {

        JsonObject expected() {
            return TestData.json(TinyModels.resources(name).resolve(task + ".json"));
        }

        Path adapter() {
            return TinyModels.resources(name).resolve(task);
        }

        /** A new head on the base, with what PEFT saved. */
        TaskModel adapted() {
            PretrainedModel base = TinyModels.load(name);
            TaskModel model =
                    task.equals(TAGGER) ? base.taggerOf(EncodersTest.strings(expected(), "labels")) : base.regressor();
            Lora.load(adapter(), model);
            return model;
        }

        Batch batch(int padId) {
            JsonArray targets = expected().getAsJsonArray("targets");
            int[][] rows = References.rows(expected().getAsJsonArray("ids"));
            List<Example> examples = new ArrayList<>();
            for (int i = 0; i < rows.length; i++) {
                JsonElement own = targets.get(i);
                examples.add(new Example(
                        rows[i],
                        own.isJsonArray()
                                ? new RowTarget.Tags(References.ints(own.getAsJsonArray()))
                                : new RowTarget.Number(own.getAsFloat())));
            }
            return Batch.padded(examples, padId);
        }

        @Override
        public String toString() {
            return name + ", " + task;
        }
    }

    static List<Case> all() {
        List<String> encoders = List.of("tiny-bert", "tiny-roberta", "tiny-distilbert", "tiny-modernbert");
        return Stream.of(
                        encoders.stream().map(name -> new Case(name, TAGGER)),
                        encoders.stream().map(name -> new Case(name, REGRESSOR)),
                        Stream.of("tiny-gpt2", "tiny-llama").map(name -> new Case(name, TAGGER)))
                .flatMap(cases -> cases)
                .toList();
    }

    static List<Arguments> bothWays() {
        return all().stream()
                .flatMap(each -> Stream.of(Arguments.of(each, false), Arguments.of(each, true)))
                .toList();
    }

    private static Objective objective(TaskModel model) {
        return model instanceof Tagger tagger ? new TaggerObjective(tagger) : new RegressorObjective((Regressor) model);
    }

    /** The logits of each token of a tagger, or of each text, in the order of the file. */
    private static void assertLogits(Case each, TaskModel model) {
        Batch batch = each.batch(model.padId());
        RowInput input = (RowInput) objective(model).lossInput(batch);
        JsonArray expected = each.expected().getAsJsonArray("logits");
        try (var scope = model.manager().newSubManager()) {
            ForwardContext context = input.input().context(scope, false);
            var hidden = model.transformer().hidden(model.ids(scope, batch.ids()), context);
            for (int i = 0; i < batch.size(); i++) {
                JsonArray rows = each.task.equals(TAGGER) ? expected.get(i).getAsJsonArray() : new JsonArray();
                if (rows.isEmpty()) {
                    rows.add(expected.get(i));
                }
                for (int at = 0; at < rows.size(); at++) {
                    long row = each.task.equals(TAGGER) ? (long) i * batch.width() + at : input.rows()[i];
                    float[] logits = model.transformer()
                            .logits(hidden, scope.create(new long[] {row}), context)
                            .toFloatArray();
                    assertArrayEquals(
                            References.floats(rows.get(at).getAsJsonArray()), logits, TOLERANCE, i + ", " + at);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void anAdapterOfPeftGivesTheSameLogits(Case each) {
        try (TaskModel model = each.adapted()) {
            assertLogits(each, model);
        }
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void stepsHaveTheLossesAndGradientsOfPeft(Case each, boolean recompute) {
        JsonObject expected = each.expected();
        double rate = expected.get("rate").getAsDouble();
        try (TaskModel model = each.adapted();
                Optimizer optimizer =
                        new Optimizer(AdamW.of(rate).weightDecay(0), model.parameters(), model.manager())) {
            Step step = Toys.step(
                    objective(model),
                    each.task.equals(TAGGER) ? Loss.crossEntropy() : Loss.meanSquaredError(),
                    optimizer,
                    new MemoryOptions(recompute, 7),
                    expected.get("clip").getAsDouble());
            Batch batch = each.batch(model.padId());
            float[] losses = References.floats(expected.getAsJsonObject("steps").getAsJsonArray("losses"));
            float[] norms = References.floats(expected.getAsJsonObject("steps").getAsJsonArray("norms"));
            for (int i = 0; i < losses.length; i++) {
                Step.StepResult result = step.run(List.of(batch), rate, (rows, seen) -> {});
                assertEquals(losses[i], result.loss(), 1e-3 * (1 + losses[i]), "loss of step " + i);
                assertEquals(norms[i], result.gradientNorm(), 1e-3 * (1 + norms[i]), "gradient of step " + i);
                assertEquals(each.task.equals(REGRESSOR), Double.isNaN(result.accuracy()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void anAdapterAndAWholeModelComeBackAsTheyWere(Case each, @TempDir Path folder) throws Exception {
        Path adapter = folder.resolve("adapter");
        Path whole = folder.resolve("whole");
        try (TaskModel model = each.adapted()) {
            model.save(adapter);
            model.merge();
            model.save(whole);
        }
        boolean tags = each.task.equals(TAGGER);
        String config = Files.readString(adapter.resolve("adapter_config.json"));
        assertEquals(tags, config.contains("\"TOKEN_CLS\""), config);
        String base = TinyModels.folder(each.name).toString();
        try (TaskModel model =
                tags ? Models.tagger(adapter.toString(), base) : Models.regressor(adapter.toString(), base)) {
            assertLogits(each, model);
        }
        try (TaskModel model = tags
                ? Models.tagger(whole.toString(), DType.FLOAT32)
                : Models.regressor(whole.toString(), DType.FLOAT32)) {
            assertLogits(each, model);
        }
        String architectures = Files.readString(whole.resolve("config.json"));
        assertEquals(tags, architectures.contains("ForTokenClassification\""), architectures);
    }
}
