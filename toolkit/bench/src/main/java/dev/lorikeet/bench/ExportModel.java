package dev.lorikeet.bench;

import ai.djl.ndarray.NDArray;
import com.google.gson.Gson;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.io.GgufType;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Saves a model in each way there is, and an adapter of invented numbers alone and merged, with the ids that it writes itself,
 * for {@code export_check.py}: {@code model=NAME to=FOLDER}.
 */
public final class ExportModel {

    private static final int TOKENS = 20;
    private static final double DEVIATION = 0.02;
    private static final List<String> PROMPTS = List.of(
            "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n",
            "I like basketball",
            "Once upon a time, 12 birds");

    private ExportModel() {}

    /** A prompt, its ids and those that follow. */
    private record Case(String prompt, int[] ids, int[] greedy) {}

    public static void main(String[] args) {
        Options options = Options.parse(args);
        Path to = Path.of(options.text("to", "target/export"));
        Map<String, List<Case>> expected = new LinkedHashMap<>();
        try (PretrainedModel model = Models.load(options.text("model", "smollm2-135m"), DType.FLOAT32)) {
            expected.put("plain", cases(model));
            System.out.println(model.save(to.resolve("plain"), DType.FLOAT16));
            System.out.println(model.save(to.resolve("plain-shards"), DType.BFLOAT16, 100_000_000));
            System.out.println(model.saveGguf(to.resolve("plain-f16.gguf"), GgufType.F16));
            System.out.println(model.saveGguf(to.resolve("plain-q8_0.gguf"), GgufType.Q8_0));
            LoraAdapter adapter = invented(model);
            expected.put("lora", cases(model));
            adapter.saveGguf(to.resolve("lora.gguf"));
            adapter.merge();
            System.out.println(model.save(to.resolve("lora-merged"), DType.FLOAT16));
            System.out.println(model.saveGguf(to.resolve("lora-merged-f16.gguf"), GgufType.F16));
        }
        AtomicFiles.writeText(to.resolve("expected.json"), new Gson().toJson(expected) + "\n");
    }

    private static List<Case> cases(PretrainedModel model) {
        List<Case> cases = new ArrayList<>();
        for (String prompt : PROMPTS) {
            int[] ids = model.tokenizer().encode(prompt);
            cases.add(new Case(prompt, ids, model.generate(ids, GenerationConfig.greedy(TOKENS))));
        }
        return cases;
    }

    /** With a B that is not zero, as if it had been trained. */
    private static LoraAdapter invented(PretrainedModel model) {
        LoraAdapter adapter = Lora.rank(8)
                .alpha(16)
                .on("q_proj", "k_proj", "v_proj", "o_proj", "up_proj")
                .inject(model);
        SplittableRandom random = new SplittableRandom(1);
        for (Projection projection : model.transformer().projections()) {
            for (LoraWeights delta : projection.loraWeights()) {
                fill(delta.b().getArray(), random);
            }
        }
        return adapter;
    }

    private static void fill(NDArray array, SplittableRandom random) {
        float[] numbers = new float[Math.toIntExact(array.size())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (random.nextGaussian() * DEVIATION);
        }
        try (NDArray source = array.getManager().create(numbers, array.getShape())) {
            Ops.assign(array, source);
        }
    }
}
