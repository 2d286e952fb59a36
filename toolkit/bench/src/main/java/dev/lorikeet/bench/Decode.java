package dev.lorikeet.bench;

import com.google.gson.Gson;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.generate.GenerationResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Greedy decoding: tokens a second, of all rows together, after the first. Options as {@code name=value}: model, base and
 * precision as {@link LlamaLm} has them, or random (a shape that {@link Models#random} knows); tokens (64), batch (1),
 * rounds (3) of which the median counts, after one that does not; prompts (file to write the prompts' ids to).
 */
public final class Decode {

    private static final List<String> PROMPTS = List.of(
            "The history of the bicycle begins",
            "A good loaf of bread needs",
            "On the first morning of the voyage the captain",
            "Rivers change their course when",
            "Bees live in large colonies, and",
            "Volcanoes form where",
            "In winter the birds of this valley",
            "Glass is made of");

    private final PretrainedModel model;
    private final List<String> prompts;
    private final GenerationConfig greedy;

    private Decode(PretrainedModel model, List<String> prompts, GenerationConfig greedy) {
        this.model = model;
        this.prompts = prompts;
        this.greedy = greedy;
    }

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        int tokens = (int) options.whole("tokens", 64);
        int rounds = (int) options.whole("rounds", 3);
        int batch = (int) options.whole("batch", 1);
        BadArgumentException.unless(
                batch > 0 && batch <= PROMPTS.size(),
                "batch",
                batch,
                "1 to " + PROMPTS.size() + ", the prompts there are");
        try (PretrainedModel model = load(options)) {
            Decode decode = new Decode(model, PROMPTS.subList(0, batch), GenerationConfig.greedy(tokens));
            if (options.has("prompts")) {
                AtomicFiles.writeText(options.path("prompts"), new Gson().toJson(decode.ids()));
            }
            decode.pace();
            double[] paces =
                    DoubleStream.generate(decode::pace).limit(rounds).sorted().toArray();
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("stack", "Lorikeet");
            result.put("steps", tokens);
            result.put("tokens_per_second", paces[rounds / 2]);
            System.out.println(new Gson().toJson(result));
        }
    }

    private static PretrainedModel load(Options options) {
        return options.has("random") ? Models.random(options.text("random", ""), 1) : LlamaLm.load(options);
    }

    private List<int[]> ids() {
        return prompts.stream()
                .map(prompt -> model.tokenizer().encode(prompt, true))
                .toList();
    }

    private double pace() {
        List<GenerationResult> written = model.generate(prompts, greedy);
        for (GenerationResult text : written) {
            if (text.stop() != GenerationResult.Stop.LENGTH) {
                throw new LorikeetException("The model ended \"%s\" after %d of %d tokens; the prompt is of no use"
                        .formatted(text.prompt(), text.ids().length, greedy.maxTokens()));
            }
        }
        return written.stream().mapToDouble(GenerationResult::tokensPerSecond).sum();
    }
}
