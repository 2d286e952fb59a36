package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A small real GPT-2 against the numbers of onnxruntime and transformers. */
class CappGpt2Test {

    private static PretrainedModel model;

    @BeforeAll
    static void load() {
        model = References.cappGpt2();
    }

    @AfterAll
    static void close() {
        if (model != null) {
            model.close();
        }
    }

    @Test
    void everyLogitIsThatOfOnnxruntime() {
        JsonObject reference = TestData.json(TestData.data("capp-gpt2/reference-logits.json"));
        float[][] logits = References.logits(model, References.ints(reference.getAsJsonArray("input_ids")));
        JsonArray expected = reference.getAsJsonArray("model_from_onnx");
        assertEquals(expected.size(), logits.length);
        for (int i = 0; i < logits.length; i++) {
            JsonArray row = expected.get(i).getAsJsonArray();
            assertEquals(row.size(), logits[i].length);
            for (int j = 0; j < row.size(); j++) {
                assertEquals(row.get(j).getAsDouble(), logits[i][j], 1e-4);
            }
        }
    }

    @Test
    void logitsAndLossOfABatchAreThoseOfTransformers() {
        JsonObject forward =
                TestData.json(TestData.fixture("capp-gpt2/training.json")).getAsJsonObject("forward");
        int[][] rows = References.rows(forward.getAsJsonArray("input_ids"));
        List<JsonElement> last = forward.getAsJsonArray("last_position").asList();
        double nll = 0;
        int targets = 0;
        for (int row = 0; row < rows.length; row++) {
            float[][] logits = References.logits(model, rows[row]);
            References.assertLast(last.get(row).getAsJsonObject(), logits[rows[row].length - 1], 1e-3);
            for (int i = 1; i < rows[row].length; i++, targets++) {
                nll += References.negativeLogLikelihood(logits[i - 1], rows[row][i]);
            }
        }
        assertEquals(forward.get("mean_nll").getAsDouble(), nll / targets, 1e-4);
    }
}
