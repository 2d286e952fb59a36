package dev.lorikeet.bench;

import com.google.gson.Gson;
import dev.lorikeet.base.Progress;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.generate.GenerationResult;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.history.History;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Continues a sentence with Gemma 3 270M and fine-tunes it on the same four texts ten times: the continuation names the capital,
 * and the loss falls. Options as {@code name=value}: model (the GGUF file).
 */
public final class Gemma270m {

    private static final String PROMPT = "Paris is the capital of France, Rome is the capital of";
    private static final String ANSWER = "Italy";
    private static final int TOKENS = 12;
    private static final int STEPS = 10;
    private static final double LEAST_FALL = 0.1;

    private Gemma270m() {}

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        List<String> wrong = new ArrayList<>();
        Map<String, Object> result = new LinkedHashMap<>();
        try (PretrainedModel model = Models.load(options.path("model").toString(), DType.FLOAT32)) {
            GenerationResult written = model.generate(PROMPT, TOKENS);
            System.out.println(written.full());
            if (!written.text().strip().startsWith(ANSWER)) {
                wrong.add("the continuation \"" + written.text() + "\", which does not begin with " + ANSWER);
            }
            List<Double> losses = losses(model);
            System.out.println("Losses of " + STEPS + " steps: " + losses);
            if (losses.get(STEPS - 1) > losses.get(0) * (1 - LEAST_FALL)) {
                wrong.add("the loss, which falls by less than a tenth");
            }
            result.put("stack", "Lorikeet");
            result.put("steps", STEPS);
            result.put("first_loss", losses.get(0));
            result.put("last_loss", losses.get(STEPS - 1));
        }
        result.put("wrong", wrong);
        System.out.println(new Gson().toJson(result));
    }

    private static List<Double> losses(PretrainedModel model) {
        Lora.rank(8).alpha(16).on("q_proj", "v_proj").inject(model);
        Documents documents =
                Documents.of(Datasets.posts().first(4), "document").length(64).batch(4);
        return FineTune.of(model)
                .on(documents)
                .epochs(STEPS)
                .maxSteps(STEPS)
                .learningRate(1e-3)
                .quietly()
                .run()
                .history()
                .steps()
                .stream()
                .map(History.StepRecord::loss)
                .toList();
    }
}
