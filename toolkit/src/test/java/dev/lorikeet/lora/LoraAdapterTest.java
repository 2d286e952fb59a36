package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.ManagedArrays;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Torch;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an adapter does to a model, and what may be done with it when. */
class LoraAdapterTest {

    private static final float ROUNDING = 1e-4f;

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama"})
    void aFreshOneChangesNoBit(String name) {
        try (PretrainedModel model = TinyModels.load(name)) {
            float[] before = Adapters.logits(model);
            Lora.rank(4).alpha(8).dropout(0.1).inject(model);
            assertArrayEquals(before, Adapters.logits(model));
        }
        try (Classifier model = TinyModels.load(name).classifier("a", "b")) {
            float[] before = Adapters.logits(model);
            Lora.rank(4).inject(model);
            assertArrayEquals(before, Adapters.logits(model));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama"})
    void mergedItGivesTheSameAndTakenOutNothing(String name) {
        try (PretrainedModel model = TinyModels.load(name)) {
            float[] base = Adapters.logits(model);
            LoraAdapter adapter = Adapters.filled(Lora.rank(4).alpha(8).inject(model), 1);
            float[] adapted = Adapters.logits(model);
            assertTrue(Adapters.distance(base, adapted) > 0.1);

            adapter.disable();
            assertArrayEquals(base, Adapters.logits(model));
            adapter.enable();
            assertArrayEquals(adapted, Adapters.logits(model));

            adapter.merge();
            assertTrue(model.transformer().projections().stream()
                    .allMatch(p -> p.loraWeights().isEmpty()));
            assertArrayEquals(adapted, Adapters.logits(model), ROUNDING);
            adapter.unmerge();
            assertArrayEquals(adapted, Adapters.logits(model), ROUNDING);

            adapter.remove();
            assertArrayEquals(base, Adapters.logits(model), ROUNDING);
        }
    }

    @Test
    void mergedItWritesTheSameText() {
        GenerationConfig greedy = GenerationConfig.greedy(20);
        int[] prompt = {29, 26, 4, 13};
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            LoraAdapter adapter = Adapters.filled(Lora.rank(4).alpha(8).inject(model), 1);
            int[] before = model.generate(prompt, greedy);
            adapter.merge();
            assertArrayEquals(before, model.generate(prompt, greedy));
            adapter.unmerge();
            assertArrayEquals(before, model.generate(prompt, greedy));
        }
    }

    /** Half precision rounds the merged weights; from float32 nothing is lost, even if the weights came in half. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT16", "BFLOAT16"})
    void mergedInHalfPrecisionItIsNearAndFirstWidenedTheSame(DType dtype) {
        try (PretrainedModel model = Models.load(TinyModels.folder("tiny-llama").toString(), dtype)) {
            LoraAdapter adapter = Adapters.filled(Lora.rank(4).alpha(8).inject(model), 1);
            float[] half = Adapters.logits(model);
            adapter.merge();
            float rounded = Adapters.distance(half, Adapters.logits(model));
            float largest = Adapters.distance(half, new float[half.length]);
            assertTrue(rounded < 0.05 * largest, "logits up to %f differ by %f".formatted(largest, rounded));
            adapter.unmerge();
            model.computeDtype(DType.FLOAT32);
            float[] widened = Adapters.logits(model);
            adapter.merge();
            assertArrayEquals(widened, Adapters.logits(model), ROUNDING);
        }
    }

    @Test
    void disablingIsAScope() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            float[] base = Adapters.logits(model);
            LoraAdapter adapter = Adapters.filled(Lora.rank(4).inject(model), 1);
            float[] adapted = Adapters.logits(model);
            try (LoraAdapter.Disabled off = adapter.disable()) {
                assertArrayEquals(base, Adapters.logits(model));
                off.close();
                assertArrayEquals(adapted, Adapters.logits(model), "closed early, it is back");
            }
            assertArrayEquals(adapted, Adapters.logits(model));
            try (LoraAdapter.Disabled off = adapter.disable()) {
                adapter.enable();
                assertArrayEquals(adapted, Adapters.logits(model));
            }
            try (LoraAdapter.Disabled off = adapter.disable()) {
                adapter.remove();
            }
            assertArrayEquals(base, Adapters.logits(model), "a removed one does not come back");
        }
    }

    @Test
    void savingAMergedOneSaysWhatThatIs(@TempDir Path folder) {
        PrintStream out = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            LoraAdapter adapter = Adapters.filled(Lora.rank(2).inject(model), 1);
            adapter.merge();
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            adapter.save(folder);
            float[] merged = Adapters.logits(model);
            try (PretrainedModel fresh = TinyModels.load("tiny-llama")) {
                Lora.load(folder, fresh);
                assertArrayEquals(merged, Adapters.logits(fresh), ROUNDING);
            }
        } finally {
            System.setOut(out);
        }
        String text = said.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("\"default\" is merged") && text.contains("count twice"), text);
    }

    @Test
    void theScaleIsAlphaOverRankOrAlphaItself() {
        assertEquals(2, Lora.rank(16).alpha(32).build().scale());
        assertEquals(16, Lora.rank(16).plainAlpha(16).build().scale());
        assertEquals(1, Lora.rank(16).build().scale());
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            LoraAdapter adapter = Lora.rank(2).plainAlpha(3).on("c_fc").inject(model);
            assertEquals(3, adapter.adaptedProjections().get(0).weights().scale());
        }
    }

    @Test
    void refusesSettingsThatMeanNothing() {
        assertThrows(BadArgumentException.class, () -> Lora.rank(0));
        assertThrows(BadArgumentException.class, () -> Lora.rank(1).alpha(0));
        assertThrows(BadArgumentException.class, () -> Lora.rank(1).dropout(1));
        assertThrows(BadArgumentException.class, () -> Lora.rank(1).dropout(-0.1));
    }

    @Test
    void dropoutIsForTrainingOnly() {
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            LoraAdapter without = Adapters.filled(Lora.rank(4).on("c_fc").inject(model), 1);
            float[] expected = Adapters.logits(model);
            assertTrue(Adapters.distance(expected, Adapters.logits(model, true)) < ROUNDING);
            without.remove();
            Adapters.filled(Lora.rank(4).dropout(0.5).on("c_fc").inject(model), 1);
            assertArrayEquals(expected, Adapters.logits(model));
            float[] dropped = Adapters.logits(model, true);
            assertTrue(Adapters.distance(expected, dropped) > 0.01);
            assertTrue(Adapters.distance(dropped, Adapters.logits(model, true)) > 0.01);
        }
    }

    @Test
    void twoAtOnceAddUp() {
        try (PretrainedModel model = TinyModels.load("tiny-gpt2");
                NDManager scope = model.manager().newSubManager()) {
            Projection projection = model.transformer().projections().get(0);
            NDArray x = scope.randomNormal(new ai.djl.ndarray.types.Shape(5, 8));
            float[] base = output(projection, x, scope);
            LoraAdapter first =
                    Adapters.filled(Lora.rank(2).on("c_attn").named("first").inject(model), 1);
            float[] one = output(projection, x, scope);
            LoraAdapter second = Adapters.filled(
                    Lora.rank(3).alpha(6).on("key").named("second").inject(model), 2);
            float[] both = output(projection, x, scope);
            first.disable();
            float[] other = output(projection, x, scope);
            float[] sum = new float[base.length];
            for (int i = 0; i < sum.length; i++) {
                sum[i] = one[i] + other[i] - base[i];
            }
            assertArrayEquals(sum, both, 1e-5f);
            assertTrue(Adapters.distance(base, other) > 0.1 && Adapters.distance(base, one) > 0.1);
            first.enable();
            first.merge();
            second.merge();
            assertArrayEquals(both, output(projection, x, scope), 1e-5f);
        }
    }

    private static float[] output(Projection projection, NDArray x, NDManager scope) {
        return projection
                .forward(new ParameterStore(scope, false), new NDList(x), false)
                .singletonOrThrow()
                .toFloatArray();
    }

    @Test
    void eachCallNeedsItsState() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            LoraAdapter adapter = Lora.rank(2).on("q_proj").inject(model);
            assertMessage("enable() needs the adapter \"default\" to be disabled; it is active", adapter::enable);
            assertMessage("unmerge() needs the adapter \"default\" to be merged; it is active", adapter::unmerge);
            adapter.disable();
            assertMessage("merge() needs the adapter \"default\" to be active; it is disabled", adapter::merge);
            assertMessage("disable()", adapter::disable);
            adapter.enable();
            adapter.merge();
            assertMessage("remove() needs the adapter \"default\" to be active; it is merged", adapter::remove);
            assertMessage("merge()", adapter::merge);
            adapter.unmerge();
            adapter.disable();
            adapter.remove();
            assertMessage("it is removed", adapter::remove);
            assertMessage("it is removed", adapter::merge);
            assertMessage("was removed; there is nothing left to save", () -> adapter.save(java.nio.file.Path.of("x")));
        }
    }

    @Test
    void aNameIsTakenOnce() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            LoraAdapter adapter = Lora.rank(2).on("q_proj").inject(model);
            assertMessage(
                    "adapter name is \"default\"",
                    () -> Lora.rank(2).on("v_proj").inject(model));
            adapter.remove();
            Lora.rank(2).on("v_proj").inject(model);
        }
    }

    @Test
    void aClosedModelSaysSo() {
        PretrainedModel model = TinyModels.load("tiny-llama");
        LoraAdapter adapter = Lora.rank(2).on("q_proj").inject(model);
        model.close();
        assertMessage("is closed", adapter::merge);
        assertMessage("is closed", adapter::disable);
        assertMessage("is closed", adapter::remove);
        assertMessage("is closed", () -> adapter.save(java.nio.file.Path.of("x")));
        assertMessage("is closed", () -> Lora.rank(2).on("q_proj").inject(model));
    }

    private static void assertMessage(String part, Executable call) {
        String message = assertThrows(LorikeetException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void injectionFreezesTheModelAndTrainsTheAdapter() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            model.freeze(false);
            LoraAdapter adapter = Lora.rank(2).on("q_proj").inject(model);
            long own = 2 * 2 * (8 + 16);
            assertEquals(own, model.parameterCount().trainable());
            assertEquals(own, adapter.trainableParameters().trainable());
            assertTrue(
                    adapter.toString().contains("rank 2, scale 1.000 on q_proj; 96 trainable of"), adapter.toString());
        }
    }

    @Test
    void removedItLeavesNoArraysBehind() {
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            int before = arrays(model);
            for (int i = 0; i < 3; i++) {
                LoraAdapter adapter = Adapters.filled(Lora.rank(2).inject(model), i);
                adapter.merge();
                adapter.unmerge();
                adapter.remove();
            }
            assertEquals(before, arrays(model));
        }
    }

    private static int arrays(LanguageModel model) {
        return ManagedArrays.count(model.manager()) + ManagedArrays.count(Torch.host());
    }
}
