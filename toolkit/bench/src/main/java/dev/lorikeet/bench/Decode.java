package dev.lorikeet.bench;

import com.google.gson.Gson;
import dev.lorikeet.base.Progress;
import dev.lorikeet.model.CausalModel;
import dev.lorikeet.model.Generation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Greedy decoding of one sequence. Options as {@code name=value}: model, base and precision as {@link LlamaLm} has them,
 * tokens (64) and rounds (3) of which the median counts.
 */
public final class Decode {

    private static final String PROMPT = "The history of the bicycle begins";

    private Decode() {}

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        int tokens = (int) options.whole("tokens", 64);
        int rounds = (int) options.whole("rounds", 3);
        try (CausalModel model = LlamaLm.load(options)) {
            Generation greedy = Generation.greedy(tokens);
            double[] paces = DoubleStream.generate(
                            () -> model.generate(PROMPT, greedy).tokensPerSecond())
                    .limit(rounds)
                    .sorted()
                    .toArray();
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("stack", "Lorikeet");
            result.put("tokens_per_second", paces[rounds / 2]);
            System.out.println(new Gson().toJson(result));
        }
    }
}
