package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.ConfigFiles;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.io.ModelBuilder;
import dev.lorikeet.model.io.SafetensorsSource;
import dev.lorikeet.model.io.WeightSource;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.text.Tokenizers;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.Arrays;

/** Comparison of a model with recorded logits. */
public final class References {

    private References() {}

    /** The small real GPT-2 of the reference data. It has no tokenizer of its own; ids are what counts. */
    public static PretrainedModel cappGpt2() {
        Path folder = TestData.data("capp-gpt2");
        ModelConfig config = ConfigFiles.read(folder.resolve("config.json"));
        try (WeightSource source = new SafetensorsSource(
                TensorFile.open(folder.resolve("model-from-onnx.safetensors")), Families.named("gpt2"))) {
            return new PretrainedModel(ModelBuilder.build(
                    "capp-gpt2", source, config, Tokenizers.gpt2(), Device.cpu(), DType.FLOAT32, null));
        }
    }

    /** Logits (time, vocabulary) of one row of ids. */
    public static float[][] logits(PretrainedModel model, int[] ids) {
        try (NDManager manager = Torch.manager();
                NDArray logits = model.logits(manager, new int[][] {ids})) {
            float[] flat = logits.toFloatArray();
            int width = flat.length / ids.length;
            float[][] rows = new float[ids.length][];
            for (int i = 0; i < ids.length; i++) {
                rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
            }
            return rows;
        }
    }

    public static float[] lastLogits(PretrainedModel model, int[] ids) {
        return logits(model, ids)[ids.length - 1];
    }

    /** Checks the best logits of the last position and the mean negative log-likelihood of the ids. */
    public static void assertForward(PretrainedModel model, JsonObject expected, double tolerance) {
        int[] ids = ints(expected.getAsJsonArray("ids"));
        float[][] logits = logits(model, ids);
        assertLast(expected.getAsJsonObject("last_position"), logits[ids.length - 1], tolerance);
        double nll = 0;
        for (int i = 1; i < ids.length; i++) {
            nll += negativeLogLikelihood(logits[i - 1], ids[i]);
        }
        assertEquals(expected.get("mean_nll").getAsDouble(), nll / (ids.length - 1), tolerance);
    }

    public static void assertLast(JsonObject last, float[] logits, double tolerance) {
        int[] best = ints(last.getAsJsonArray("ids"));
        for (int i = 0; i < best.length; i++) {
            assertEquals(last.getAsJsonArray("logits").get(i).getAsDouble(), logits[best[i]], tolerance);
        }
    }

    public static double negativeLogLikelihood(float[] logits, int id) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        return max + Math.log(sum) - logits[id];
    }

    public static float[] floats(JsonElement row) {
        JsonArray array = row.getAsJsonArray();
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsFloat();
        }
        return values;
    }

    public static int[] ints(JsonArray array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsInt();
        }
        return values;
    }

    public static int[][] rows(JsonArray array) {
        int[][] rows = new int[array.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = ints(array.get(i).getAsJsonArray());
        }
        return rows;
    }
}
