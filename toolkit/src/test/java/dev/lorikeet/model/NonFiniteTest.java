package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.NonFiniteException;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Weights and logits that are NaN or infinite. */
class NonFiniteTest {

    private static final String PATH = "model.layers.1.mlp.up_proj";

    private static Projection projection(LanguageModel model) {
        return model.transformer().projections().stream()
                .filter(candidate -> candidate.path().equals(PATH))
                .findFirst()
                .orElseThrow();
    }

    /** Sets the first value of an array. */
    private static void poison(NDArray array, float value) {
        try (NDManager scope = array.getManager().newSubManager()) {
            float[] values = array.toFloatArray();
            values[0] = value;
            Ops.assign(array, scope.create(values, array.getShape()));
        }
    }

    private static void assertRefused(String part, Executable call) {
        String message = assertThrows(NonFiniteException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void generationStopsAndNamesTheWeight() {
        String weight = "\"" + PATH + ".weight\" holds 1 values that are NaN or infinite";
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            try (PretrainedModel model = TinyModels.randomLlama(1)) {
                poison(projection(model).weight().getArray(), value);
                assertRefused(weight, () -> model.generate("see you", 3));
                assertRefused(weight, () -> model.generate("see you", GenerationConfig.sampled(3)));
                assertRefused(
                        weight,
                        () -> model.generate(List.of("see you", "at home tonight"), GenerationConfig.greedy(3)));
                assertRefused("after 0 tokens", () -> model.generate(new int[] {1, 2}, GenerationConfig.greedy(3)));
            }
        }
    }

    @Test
    void weightsInBfloat16AreNamedToo() {
        try (PretrainedModel model = TinyModels.randomLlama(1)) {
            model.computeDtype(DType.BFLOAT16);
            Ops.assign(projection(model).weight().getArray(), infinite(model));
            assertRefused("\"" + PATH + ".weight\" holds 8,192 values", () -> model.generate("see you", 3));
        }
    }

    private static NDArray infinite(PretrainedModel model) {
        return model.manager().zeros(projection(model).weight().getShape()).add(Float.NEGATIVE_INFINITY);
    }

    @Test
    void classifyingStops() {
        try (PretrainedModel writer = TinyModels.randomLlama(1)) {
            poison(projection(writer).weight().getArray(), Float.NaN);
            Classifier model = writer.classifier("ham", "spam");
            assertRefused("for the text \"see you\" are NaN", () -> model.classify("see you"));
            assertRefused("for the text \"at home\" are NaN", () -> model.classify(List.of("at home", "see you")));
        }
    }

    @Test
    void anAdapterThatIsNotFiniteIsNamedAndNotMerged() {
        try (PretrainedModel model = TinyModels.randomLlama(1)) {
            LoraAdapter good = Lora.rank(2).named("good").on("q_proj").inject(model);
            LoraAdapter bad = Lora.rank(2).named("bad").on("up_proj").inject(model);
            LoraWeights weights = projection(model).loraWeights().get(0);
            poison(weights.b().getArray(), Float.NaN);
            String culprit =
                    "lora_B of the adapter \"bad\" on \"" + PATH + "\" holds 1 values that are NaN or infinite";
            assertRefused(culprit, () -> model.generate("see you", 3));
            float[] before = projection(model).weight().getArray().toFloatArray();
            assertRefused(culprit + ", so it is not merged", bad::merge);
            assertRefused(culprit + ", so it is not merged", model::merge);
            assertEquals(Adapter.State.ACTIVE, good.state());
            assertEquals(Adapter.State.ACTIVE, bad.state());
            assertArrayEquals(before, projection(model).weight().getArray().toFloatArray());
            bad.remove();
            model.merge();
            assertEquals(Adapter.State.MERGED, good.state());
            model.generate("see you", 3);
        }
    }

    @Test
    void aCopyThatIsNotFiniteIsNotMergedEither() {
        try (PretrainedModel model = TinyModels.randomLlama(1)) {
            LoraAdapter adapter =
                    Lora.rank(2).on("q_proj").modulesToSave("norm").inject(model);
            NDArray copy = model.transformer().overrides().get(0).parameter().getArray();
            poison(copy, Float.NEGATIVE_INFINITY);
            assertRefused("of the adapter \"default\" holds 1 values", adapter::merge);
            assertEquals(Adapter.State.ACTIVE, adapter.state());
        }
    }
}
