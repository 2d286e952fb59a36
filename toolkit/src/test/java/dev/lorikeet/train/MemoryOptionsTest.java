package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.References;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.CausalObjective;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.Optimizer;
import dev.lorikeet.train.step.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What saves memory must not change what is learned. */
class MemoryOptionsTest {

    private static final MemoryOptions OFF = new MemoryOptions(false, 0);
    private static final MemoryOptions ON = new MemoryOptions(true, 7);
    private static final double SAME = 1e-4;

    private static JsonObject fixture() {
        return TestData.json(TestData.fixture("capp-gpt2/training.json"));
    }

    /** The batches of the fixture, with its label mask. */
    private static List<Batch> batches() {
        JsonObject fixture = fixture();
        JsonArray ids = fixture.getAsJsonArray("input_ids");
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            int[][] mask =
                    References.rows(fixture.getAsJsonArray("label_mask").get(i).getAsJsonArray());
            boolean[][] lossMask = new boolean[mask.length][mask[0].length];
            for (int row = 0; row < mask.length; row++) {
                for (int j = 1; j < mask[row].length; j++) {
                    lossMask[row][j] = mask[row][j] == 1;
                }
            }
            batches.add(Batch.of(References.rows(ids.get(i).getAsJsonArray()), lossMask));
        }
        return batches;
    }

    private static PretrainedModel adapted() {
        PretrainedModel model = References.cappGpt2();
        Lora.load(TestData.fixture("capp-gpt2/lora-init"), model);
        return model;
    }

    private static PretrainedModel thawed() {
        PretrainedModel model = References.cappGpt2();
        model.freeze(false);
        return model;
    }

    private static PretrainedModel lastLayers() {
        PretrainedModel model = References.cappGpt2();
        model.trainLast(2);
        return model;
    }

    /** The loss of each step. */
    private static double[] losses(PretrainedModel model, MemoryOptions options, List<List<Batch>> steps) {
        try (model;
                Optimizer optimizer =
                        new Optimizer(AdamW.of(1e-3).weightDecay(0.01), model.parameters(), model.manager())) {
            Step step = Toys.step(new CausalObjective(model), optimizer, options, 1);
            return steps.stream()
                    .mapToDouble(
                            micro -> step.run(micro, 1e-3, (batch, seen) -> {}).loss())
                    .toArray();
        }
    }

    private static List<List<Batch>> whole(List<Batch> batches) {
        return batches.stream().map(List::of).toList();
    }

    /** Each row a micro-batch of its own. */
    private static List<List<Batch>> rowByRow(List<Batch> batches) {
        List<List<Batch>> steps = new ArrayList<>();
        for (Batch batch : batches) {
            List<Batch> rows = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                rows.add(Batch.of(new int[][] {batch.ids()[i]}, new boolean[][] {batch.lossMask()[i]}));
            }
            steps.add(rows);
        }
        return steps;
    }

    private static void assertSameWithAllOptions(Supplier<PretrainedModel> model) {
        List<Batch> batches = batches();
        double[] expected = losses(model.get(), OFF, whole(batches));
        assertEquals(12, expected.length);
        assertTrue(expected[11] < expected[0] - 0.5, "it learns");
        for (MemoryOptions options :
                List.of(new MemoryOptions(true, 0), new MemoryOptions(false, 7), MemoryOptions.DEFAULT, ON)) {
            assertArrayEquals(expected, losses(model.get(), options, whole(batches)), SAME, options.toString());
        }
        assertArrayEquals(expected, losses(model.get(), ON, rowByRow(batches)), SAME, "accumulated");
    }

    @Test
    void anAdapterLearnsTheSame() {
        assertSameWithAllOptions(MemoryOptionsTest::adapted);
    }

    @Test
    void allWeightsLearnTheSame() {
        assertSameWithAllOptions(MemoryOptionsTest::thawed);
    }

    @Test
    void theLastLayersLearnTheSame() {
        assertSameWithAllOptions(MemoryOptionsTest::lastLayers);
    }

    /** Rows of 32, 20, 9 and 3 tokens, padded to the longest, against each for itself. */
    @Test
    void unevenRowsInOneBatchLearnWhatTheyLearnAlone() {
        List<List<Batch>> together = new ArrayList<>();
        List<List<Batch>> apart = new ArrayList<>();
        int[] lengths = {32, 20, 9, 3};
        for (Batch batch : batches()) {
            int rows = batch.size();
            int[][] ids = new int[rows][32];
            int[] real = new int[rows];
            boolean[][] lossMask = new boolean[rows][32];
            List<Batch> single = new ArrayList<>();
            for (int i = 0; i < rows; i++) {
                real[i] = lengths[i % lengths.length];
                System.arraycopy(batch.ids()[i], 0, ids[i], 0, real[i]);
                System.arraycopy(batch.lossMask()[i], 0, lossMask[i], 0, real[i]);
                single.add(Batch.of(
                        new int[][] {Arrays.copyOf(ids[i], real[i])},
                        new boolean[][] {Arrays.copyOf(lossMask[i], real[i])}));
            }
            together.add(List.of(Batch.of(ids, real, lossMask, null, rows, 0)));
            apart.add(single);
        }
        assertArrayEquals(losses(adapted(), OFF, apart), losses(adapted(), ON, together), SAME);
    }

    /** Packed: two texts in a row, which must not see each other. */
    @Test
    void packedTextsLearnWhatTheyLearnAlone() {
        List<List<Batch>> packed = new ArrayList<>();
        List<List<Batch>> apart = new ArrayList<>();
        for (Batch batch : batches()) {
            int rows = batch.size();
            int[][] segments = new int[rows][32];
            boolean[][] lossMask = new boolean[rows][];
            List<Batch> single = new ArrayList<>();
            for (int i = 0; i < rows; i++) {
                int cut = 8 + 5 * i;
                Arrays.fill(segments[i], cut, 32, 1);
                lossMask[i] = batch.lossMask()[i].clone();
                lossMask[i][cut] = false;
                for (int[] range : new int[][] {{0, cut}, {cut, 32}}) {
                    single.add(Batch.of(
                            new int[][] {Arrays.copyOfRange(batch.ids()[i], range[0], range[1])},
                            new boolean[][] {Arrays.copyOfRange(lossMask[i], range[0], range[1])}));
                }
            }
            packed.add(List.of(Batch.of(batch.ids(), batch.lengths(), lossMask, segments, 2 * rows, 0)));
            apart.add(single);
        }
        assertArrayEquals(losses(adapted(), OFF, apart), losses(adapted(), ON, packed), SAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama"})
    void dropoutIsTheSameTheSecondTime(String name) {
        int[][] ids = {{29, 26, 4, 13, 3, 26, 31}, {3, 30, 26, 14, 29, 17, 27}};
        List<List<Batch>> steps = whole(List.of(Batch.of(ids), Batch.of(ids), Batch.of(ids)));
        Supplier<PretrainedModel> model = () -> {
            PretrainedModel loaded = TinyModels.load(name);
            Lora.rank(4).alpha(64).dropout(0.5).inject(loaded);
            return loaded;
        };
        assertArrayEquals(losses(model.get(), OFF, steps), losses(model.get(), ON, steps), 1e-6);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT16", "BFLOAT16"})
    void halfPrecisionStaysNear(DType dtype) {
        List<List<Batch>> steps = whole(batches());
        for (Supplier<PretrainedModel> supplier :
                List.<Supplier<PretrainedModel>>of(MemoryOptionsTest::adapted, MemoryOptionsTest::thawed)) {
            PretrainedModel model = supplier.get();
            model.computeDtype(dtype);
            double[] half = losses(model, ON, steps);
            double[] whole = losses(supplier.get(), OFF, steps);
            assertEquals(whole[0], half[0], 2e-2);
            assertEquals(whole[11], half[11], 0.2);
        }
    }

    private static void assertKept(LanguageModel model, DType frozen, Consumer<LanguageModel> change) {
        change.accept(model);
        assertEquals(frozen, model.computeDtype());
        model.parameters().forEach(parameter -> {
            boolean vector = parameter.getName().contains("ln_");
            DType expected = parameter.requiresGradient() || vector ? DType.FLOAT32 : frozen;
            assertEquals(expected, DType.of(parameter.getArray()), parameter.getName());
        });
    }

    @Test
    void frozenWeightsTakeTheModelsPrecisionAndTrainedOnesAreFloat32() {
        try (PretrainedModel model = References.cappGpt2()) {
            assertKept(model, DType.BFLOAT16, m -> m.computeDtype(DType.BFLOAT16));
            assertKept(model, DType.BFLOAT16, m -> m.trainLast(1));
            assertKept(model, DType.FLOAT16, m -> m.computeDtype(DType.FLOAT16));
            assertKept(model, DType.FLOAT16, m -> m.freeze(false));
            assertKept(model, DType.FLOAT16, m -> m.freeze(true));
            assertEquals(0, model.parameterCount().trainable());
        }
    }

    @Test
    void theLastLayersAreCountedFromTheEnd() {
        try (PretrainedModel model = References.cappGpt2()) {
            int layers = model.config().layers();
            model.trainLast(1);
            assertTrue(model.transformer().layers().get(layers - 1).parametersAndAdapters().stream()
                    .allMatch(parameter -> parameter.requiresGradient()));
            assertTrue(model.transformer().layers().get(layers - 2).parametersAndAdapters().stream()
                    .noneMatch(parameter -> parameter.requiresGradient()));
            assertTrue(assertThrows(BadArgumentException.class, () -> model.trainLast(layers + 1))
                    .getMessage()
                    .contains("1 to " + layers));
            assertThrows(BadArgumentException.class, () -> model.trainLast(0));
        }
    }
}
