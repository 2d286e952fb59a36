package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.data.Batch;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.FamiliesTest;
import dev.lorikeet.model.FormulaWeights;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.References;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.CausalObjective;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.Optimizer;
import dev.lorikeet.train.step.Step;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small checkpoints of each family against PEFT: the loss and the gradients of one step. */
class FamilyStepTest {

    private static final double SHARE = 0.005;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void frozenBiasesOfAQwen2StayAsTheyAre(boolean recompute) {
        try (PretrainedModel model = TinyModels.load("qwen2")) {
            Parameter bias = model.transformer().projections().get(0).bias();
            float[] before = bias.getArray().toFloatArray();
            assertStep("qwen2", model, Targets.ALL_LINEAR, recompute);
            assertFalse(bias.requiresGradient());
            assertArrayEquals(before, bias.getArray().toFloatArray());
        }
    }

    static List<Arguments> drawn() {
        return FamiliesTest.DRAWN.stream()
                .flatMap(name -> Stream.of(Arguments.of(name, false), Arguments.of(name, true)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("drawn")
    void allLinearLayersLearnAsInPeft(String name, boolean recompute) {
        try (PretrainedModel model = TinyModels.load(name)) {
            assertStep(name, model, Targets.ALL_LINEAR_FUSED, recompute);
        }
    }

    private static void assertStep(String name, PretrainedModel model, Targets targets, boolean recompute) {
        JsonObject expected = TestData.json(TinyModels.resources(name).resolve("expected.json"))
                .getAsJsonObject("lora");
        Batch batch = Batch.of(References.rows(expected.getAsJsonArray("batch")));
        Lora.rank(expected.get("rank").getAsInt())
                .alpha(expected.get("alpha").getAsDouble())
                .on(targets)
                .inject(model);
        model.transformer().projections().forEach(FamilyStepTest::fill);
        try (Optimizer optimizer = new Optimizer(AdamW.of(0.1), model.parameters(), model.manager())) {
            MemoryOptions options = new MemoryOptions(recompute, MemoryOptions.DEFAULT.lossRows());
            Step step = Toys.step(new CausalObjective(model), optimizer, options, 1);
            Step.StepResult result = step.run(List.of(batch), 0.1, (rows, seen) -> {});
            double loss = expected.get("loss").getAsDouble();
            double norm = expected.get("gradient_norm").getAsDouble();
            assertEquals(loss, result.loss(), 1e-3);
            assertEquals(norm, result.gradientNorm(), norm * SHARE);
        }
    }

    /** The adapter's numbers, by PEFT's names for them. */
    private static void fill(Projection projection) {
        projection.loraWeights().forEach(delta -> {
            String name = "base_model.model." + projection.path();
            fill(delta.a(), name + ".lora_A.default.weight");
            fill(delta.b(), name + ".lora_B.default.weight");
        });
    }

    private static void fill(Parameter parameter, String name) {
        NDArray array = parameter.getArray();
        try (NDManager scope = array.getManager().newSubManager()) {
            int count = (int) array.getShape().size();
            Ops.assign(array, scope.create(FormulaWeights.numbers(name, count), array.getShape()));
        }
    }
}
