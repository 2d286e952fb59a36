package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an adapter's own biases where the model is written for other tools. */
class ExportedAdapterTest {

    @TempDir
    private Path home;

    private static float[] logits(PretrainedModel model) {
        try (NDManager scope = Torch.manager();
                NDArray logits = model.logits(scope, new int[][] {{29, 26, 4, 13}})) {
            return logits.toFloatArray();
        }
    }

    @Test
    void theBiasesOfAMergedAdapterAreInTheFiles() {
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            float[] base = logits(model);
            LoraAdapter adapter = Lora.rank(2).bias(Bias.ALL).on("c_attn").inject(model);
            adapter.savedParameters()
                    .forEach(copy -> copy.override().parameter().getArray().addi(0.1f));
            float[] adapted = logits(model);
            assertFalse(Arrays.equals(base, adapted));
            assertThrows(LorikeetException.class, () -> model.save(home.resolve("active"), DType.FLOAT32));
            String refused = assertThrows(LorikeetException.class, () -> adapter.saveGguf(home.resolve("adapter.gguf")))
                    .getMessage();
            assertTrue(refused.contains("merge()"), refused);
            adapter.merge();
            model.save(home.resolve("merged"));
            try (PretrainedModel read = Models.load(home.resolve("merged").toString(), DType.FLOAT32)) {
                assertArrayEquals(adapted, logits(read), 1e-5f);
            }
        }
    }
}
