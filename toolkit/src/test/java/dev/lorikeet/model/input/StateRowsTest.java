package dev.lorikeet.model.input;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.ForwardContext.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A last layer that computes only what is read. */
class StateRowsTest {

    private static final int[][] IDS = {{5, 6, 7, 8}, {9, 10, 11, 0}};
    private static final int[] LENGTHS = {4, 3};

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama", "tiny-bert", "tiny-distilbert", "tiny-modernbert"})
    void fewStatesAreThoseOfAll(String name) {
        try (PretrainedModel model = TinyModels.load(name);
                NDManager scope = model.manager().newSubManager()) {
            ModelInput input = ModelInput.padded(IDS, LENGTHS, Reading.POOLED);
            StateRows few = StateRows.of(input, 6, 0);
            assertTrue(few.areFew());
            long width = model.config().hiddenSize();
            for (boolean recorded : new boolean[] {false, true}) {
                ForwardContext context = input.context(scope, recorded);
                NDArray all = model.transformer().hidden(model.ids(scope, IDS), context);
                assertEquals(new Shape(2, 4, width), all.getShape());
                NDArray chosen = model.transformer().hidden(model.ids(scope, IDS), few.in(context, scope));
                assertEquals(new Shape(1, 2, width), chosen.getShape());
                assertArrayEquals(all.get(1, 2).toFloatArray(), chosen.get(0, 0).toFloatArray(), 1e-5f);
                assertArrayEquals(all.get(0, 0).toFloatArray(), chosen.get(0, 1).toFloatArray(), 1e-5f);
            }
            assertArrayEquals(new long[] {1}, few.range(scope, 1, 2).toLongArray());
        }
    }

    @Test
    void manyStatesAndMeansTakeAll() {
        ModelInput input = ModelInput.padded(IDS, LENGTHS, Reading.POOLED);
        StateRows many = StateRows.of(input, 0, 1, 2, 3, 6);
        assertFalse(many.areFew());
        assertFalse(StateRows.of(ModelInput.padded(IDS, LENGTHS, Reading.MEAN), 0, 1)
                .areFew());
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            assertArrayEquals(new long[] {2, 3, 6}, many.range(scope, 2, 5).toLongArray());
        }
    }
}
