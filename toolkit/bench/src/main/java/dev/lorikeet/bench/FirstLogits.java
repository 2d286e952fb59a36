package dev.lorikeet.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import dev.lorikeet.base.Progress;
import dev.lorikeet.model.PretrainedModel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * From the start of the process to a model's first logits. Options as {@code name=value}: model, base and precision as
 * {@link LlamaLm} has them; began (when the process was started, in seconds since 1970).
 */
public final class FirstLogits {

    private static final String PROMPT = "The history of the bicycle begins";

    private FirstLogits() {}

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        try (PretrainedModel model = LlamaLm.load(options);
                NDManager scope = model.manager().newSubManager()) {
            int[] ids = model.tokenizer().encode(PROMPT, true);
            NDArray logits = model.logits(scope, new int[][] {ids}).get(0, ids.length - 1);
            int likeliest = likeliest(logits.toFloatArray());
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("stack", "Lorikeet");
            result.put("steps", 1);
            result.put("seconds", System.currentTimeMillis() / 1e3 - options.number("began", Double.NaN));
            result.put("likeliest", likeliest);
            System.out.println(new Gson().toJson(result));
        }
    }

    private static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
