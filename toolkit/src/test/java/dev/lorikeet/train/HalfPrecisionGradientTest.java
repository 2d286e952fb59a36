package dev.lorikeet.train;

import static dev.lorikeet.Distance.relative;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lorikeet.data.Batch;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.CausalObjective;
import dev.lorikeet.train.step.LossInput;
import dev.lorikeet.train.step.MemoryOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In bfloat16 the gradients of attention come another way than its value; they are those of float32 up to rounding. */
class HalfPrecisionGradientTest {

    /** Eight bits a number, through two layers and back. */
    private static final double ROUNDING = 0.03;

    @ParameterizedTest
    @CsvSource({"llama,false,false", "llama,false,true", "llama,true,false", "gpt2,false,false", "gpt2,true,false"})
    void gradientsAreThoseOfFloat32(String architecture, boolean severalTexts, boolean recompute) {
        MemoryOptions options = new MemoryOptions(recompute, 0);
        float[] exact = gradients(architecture, DType.FLOAT32, severalTexts, options);
        float[] rounded = gradients(architecture, DType.BFLOAT16, severalTexts, options);
        assertEquals(exact.length, rounded.length);
        assertEquals(0, relative(exact, rounded), ROUNDING);
    }

    /** Of the adapters on queries, keys and values. */
    private static float[] gradients(String architecture, DType dtype, boolean severalTexts, MemoryOptions options) {
        boolean llama = architecture.equals("llama");
        try (PretrainedModel model = llama ? TinyModels.randomLlama(3) : TinyModels.randomGpt2(3)) {
            model.computeDtype(dtype);
            Lora.rank(4)
                    .seed(1)
                    .on(llama ? new String[] {"q_proj", "k_proj", "v_proj"} : new String[] {"c_attn"})
                    .inject(model);
            Batch batch = batch(severalTexts);
            LossInput question = new CausalObjective(model).lossInput(batch);
            try (BackwardPass gradients = new BackwardPass(model, options)) {
                gradients.accumulate(question, 1.0 / batch.targetCount(), 1, seen -> {});
            }
            List<Float> all = new ArrayList<>();
            for (var projection : model.transformer().projections()) {
                for (var delta : projection.loraWeights()) {
                    for (float value : delta.b().getArray().getGradient().toFloatArray()) {
                        all.add(value);
                    }
                }
            }
            float[] values = new float[all.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = all.get(i);
            }
            return values;
        }
    }

    /** Two rows, each of one text or of two that do not see each other. */
    private static Batch batch(boolean severalTexts) {
        Random random = new Random(2);
        int[][] ids = new int[2][];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = random.ints(24, 0, 50_000).toArray();
        }
        Batch batch = Batch.of(ids);
        if (!severalTexts) {
            return batch;
        }
        int[][] segments = new int[ids.length][ids[0].length];
        boolean[][] lossMask = batch.lossMask();
        for (int i = 0; i < ids.length; i++) {
            Arrays.fill(segments[i], 10, 24, 1);
            lossMask[i][10] = false;
        }
        return Batch.of(ids, batch.lengths(), lossMask, segments, 4, batch.padId());
    }
}
