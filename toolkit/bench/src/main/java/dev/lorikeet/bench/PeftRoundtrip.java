package dev.lorikeet.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Bias;
import dev.lorikeet.lora.Init;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.lora.LoraBuilder;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.train.FineTune;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Our side of the peft-roundtrip check (peft_roundtrip.py): what the bases make of some ids with PEFT's adapters, then with
 * adapters trained and saved here. Options as {@code name=value}: folder, as the Python side made it.
 */
public final class PeftRoundtrip {

    private static final int STEPS = 8;
    private static final String BOTH = "two at once";

    private final Path folder;
    private final PretrainedModel model;
    private final int[][] ids;
    private final boolean gpt2;
    private final Documents documents;

    private PeftRoundtrip(Path folder, PretrainedModel model, int[][] ids, Documents documents) {
        this.folder = folder;
        this.model = model;
        this.ids = ids;
        this.gpt2 = folder.endsWith("gpt2");
        this.documents = documents;
    }

    /** Logits (rows, time, vocabulary) by case: with the adapters that were read, and with those that were saved. */
    private record Found(Map<String, float[][][]> read, Map<String, float[][][]> saved) {}

    public static void main(String[] args) throws IOException {
        Progress.showOn(Progress::silent);
        Path folder = Path.of(Options.parse(args).text("folder", "target/bench/data/peft-roundtrip"));
        JsonObject theirs = JsonParser.parseString(Files.readString(folder.resolve("peft.json")))
                .getAsJsonObject();
        int[][] ids = new Gson().fromJson(theirs.get("ids"), int[][].class);
        Documents documents = Documents.of(Datasets.posts().first(4 * STEPS), "document")
                .length(24)
                .batch(4);
        Map<String, Found> found = new LinkedHashMap<>();
        for (String base : theirs.getAsJsonObject("logits").keySet()) {
            Set<String> cases =
                    theirs.getAsJsonObject("logits").getAsJsonObject(base).keySet();
            String path = folder.resolve(base).resolve("base").toString();
            try (PretrainedModel model = Models.load(path, DType.FLOAT32)) {
                PeftRoundtrip roundtrip = new PeftRoundtrip(folder.resolve(base), model, ids, documents);
                found.put(base, new Found(roundtrip.read(cases), roundtrip.saved()));
            }
        }
        AtomicFiles.writeText(folder.resolve("lorikeet.json"), new Gson().toJson(found));
        System.out.println(new Gson().toJson(Map.of("bases", found.size())));
    }

    private Map<String, float[][][]> read(Set<String> cases) {
        Map<String, float[][][]> logits = new LinkedHashMap<>();
        float[][][] base = logits();
        for (String name : cases) {
            List<String> adapters =
                    switch (name) {
                        case "base" -> List.of();
                        case BOTH -> List.of("plain", "rslora");
                        default -> List.of(name);
                    };
            adapters.forEach(adapter -> Lora.load(folder.resolve("peft").resolve(adapter), model));
            logits.put(name, logits());
            adapters.forEach(model.adapters()::remove);
            if (!Arrays.deepEquals(base, logits())) {
                throw new LorikeetException("Removing the adapter " + name + " did not bring the base back");
            }
        }
        return logits;
    }

    private Map<String, float[][][]> saved() {
        Map<String, float[][][]> logits = new LinkedHashMap<>();
        settings().forEach((name, settings) -> {
            LoraAdapter adapter = settings.named(name).inject(model);
            train();
            adapter.save(folder.resolve("lorikeet").resolve(name));
            logits.put(name, logits());
            adapter.disable();
        });
        model.adapters().activate("plain", "rslora");
        logits.put(BOTH, logits());
        model.adapters().names().forEach(model.adapters()::remove);
        return logits;
    }

    /** The Python side's cases in our own words, and some that only we have. */
    private Map<String, LoraBuilder> settings() {
        String[] fused = gpt2 ? new String[] {"c_attn"} : new String[] {"q_proj", "v_proj"};
        String up = gpt2 ? "c_fc" : "up_proj";
        String down = gpt2 ? "mlp.c_proj" : "down_proj";
        String layers = gpt2 ? "h" : "layers";
        String table = gpt2 ? "wte" : "embed_tokens";
        String[] withUp = gpt2 ? new String[] {"c_attn", up} : new String[] {"q_proj", "v_proj", up};
        LoraBuilder plain = Lora.rank(4).alpha(8).on(fused);
        Map<String, LoraBuilder> cases = new LinkedHashMap<>();
        cases.put("plain", plain.dropout(0.1));
        cases.put("all-linear", plain.on(Targets.ALL_LINEAR_FUSED));
        cases.put("regex", plain.on(Targets.matching(".*\\.[02]\\..*" + up)));
        cases.put("rslora", Lora.rank(9).alpha(6).rsLora().on(up, down));
        cases.put(
                "patterns",
                plain.on(withUp)
                        .rankPattern(up, 2)
                        .rankPattern(layers + "\\.1\\..*", 6)
                        .alphaPattern("^.*\\.2\\..*" + up, 3)
                        .alphaPattern(fused[0], 5));
        cases.put(
                "rslora-patterns",
                plain.on(withUp).rankPattern(up, 2).alphaPattern(up, 7).rsLora());
        cases.put("bias-all", plain.bias(Bias.ALL));
        cases.put("bias-lora-only", plain.bias(Bias.LORA_ONLY).on(withUp));
        cases.put("save-head", plain.modulesToSave("lm_head"));
        cases.put("save-table", plain.modulesToSave(table));
        cases.put("save-both", plain.modulesToSave(table, "lm_head"));
        cases.put("save-mlp", plain.modulesToSave(layers + ".1.mlp").on(Targets.ALL_LINEAR_FUSED));
        cases.put(
                "save-norm-bias-all",
                plain.modulesToSave(gpt2 ? "ln_f" : "norm").bias(Bias.ALL));
        cases.put("layers", plain.on(withUp).layersToTransform(0, 2).layersPattern(layers));
        cases.put("gaussian", plain.init(Init.GAUSSIAN));
        cases.put("random-b", plain.init(Init.RANDOM_B));
        cases.put("head", plain.on(Targets.matching("lm_head|.*" + fused[0])));
        cases.put("plain-alpha", plain.plainAlpha(2).on(withUp).rankPattern(up, 3));
        if (gpt2) {
            cases.put("slices", plain.on("query", "value", up));
            cases.put("slices-rslora", plain.on("query", "value").rsLora());
        }
        return cases;
    }

    private void train() {
        FineTune.of(model)
                .on(documents)
                .epochs(1)
                .maxSteps(STEPS)
                .learningRate(1e-2)
                .quietly()
                .run();
    }

    private float[][][] logits() {
        try (NDManager scope = Torch.manager()) {
            NDArray logits = model.logits(scope, ids);
            int time = ids[0].length;
            int width = (int) logits.getShape().get(2);
            float[] flat = logits.toFloatArray();
            float[][][] rows = new float[ids.length][time][];
            for (int i = 0; i < ids.length * time; i++) {
                rows[i / time][i % time] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
            }
            return rows;
        }
    }
}
