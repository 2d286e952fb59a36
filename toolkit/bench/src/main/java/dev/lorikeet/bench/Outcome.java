package dev.lorikeet.bench;

import com.google.gson.Gson;
import dev.lorikeet.train.TrainingRun;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a training process prints at its end. */
final class Outcome {

    private Outcome() {}

    /**
     * The memory's parts, then a line of JSON.
     *
     * @param more figures of the case
     */
    static void print(TrainingRun run, Map<String, Object> more) {
        System.out.println(run.memory());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("stack", "Lorikeet");
        result.put("steps", run.steps());
        result.put("tokens", run.tokens());
        result.putAll(more);
        result.put("train_seconds", run.seconds());
        result.put("step_seconds_median", run.stepSeconds());
        result.put("first_loss", run.history().steps().get(0).loss());
        result.put("last_loss", run.history().steps().get(run.steps() - 1).loss());
        result.put("peak_rss_gib", run.memory().peak());
        System.out.println(new Gson().toJson(result));
    }
}
