package dev.lorikeet.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import com.google.gson.Gson;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.io.GgufType;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.text.ChatTemplate;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Our side of the families check (families.py): loads the small checkpoints that transformers has made, writes with them, takes a
 * step of LoRA on each base, and saves them in each form. Options as {@code name=value}: folder, with {@code jobs.json} and a
 * folder for each job; what was found goes to {@code ours.json} in it, with the reason where a part failed.
 */
public final class FamilyCheck {

    private static final double LEARNING_RATE = 1e-3;
    private static final int LONGEST = 64;

    private final FamilyJob job;
    private final Path folder;
    private final Map<String, Object> found = new LinkedHashMap<>();
    private final Map<String, String> failed = new LinkedHashMap<>();

    private FamilyCheck(FamilyJob job, Path folder) {
        this.job = job;
        this.folder = folder;
    }

    /** One step, with the batch that it was taken on. */
    private record OneStep(double loss, double gradientNorm, List<int[]> rows) {}

    public static void main(String[] args) throws IOException {
        Progress.showOn(Progress::silent);
        Path folder = Options.parse(args).path("folder");
        FamilyJob[] jobs = new Gson().fromJson(Files.readString(folder.resolve("jobs.json")), FamilyJob[].class);
        int failed = 0;
        for (FamilyJob job : jobs) {
            failed += new FamilyCheck(job, folder.resolve(job.name())).run();
        }
        System.out.println(new Gson().toJson(Map.of("settings", jobs.length, "parts_failed", failed)));
    }

    /** How many parts failed. */
    private int run() {
        Path checkpoint = folder.resolve("model");
        with("safetensors", () -> Models.load(checkpoint.toString(), DType.FLOAT32), this::ofTheCheckpoint);
        with(
                "nf4",
                () -> Models.load(checkpoint.toString(), Quantization.NF4, DType.FLOAT32),
                this::ofTheQuantizedBase);
        Path gguf = folder.resolve("ours.gguf");
        if (Files.exists(gguf)) {
            with("gguf", () -> Models.load(gguf.toString(), DType.FLOAT32), this::ofTheGgufFile);
        }
        found.put("failed", failed);
        AtomicFiles.writeText(folder.resolve("ours.json"), new Gson().toJson(found));
        return failed.size();
    }

    private void ofTheCheckpoint(PretrainedModel model) {
        part("ids", () -> model.tokenizer().encode(job.prompt()));
        part("logits", () -> logits(model));
        part("greedy", () -> greedy(model));
        part("greedy_without_cache", () -> greedyWithoutCache(model));
        part("padded", () -> paddedLogits(model));
        part("greedy_rows", () -> greedyRows(model));
        part("chat", () -> chat(model));
        part("folder", () -> model.save(folder.resolve("ours")).toString());
        part("gguf", () -> model.saveGguf(folder.resolve("ours.gguf"), GgufType.F32)
                .toString());
        for (String name : job.adapters()) {
            adapted(model, name, adapter -> {
                part("greedy_" + name, () -> greedy(model));
                part("gguf_" + name, () -> {
                    adapter.saveGguf(folder.resolve(name + ".gguf"));
                    return name + ".gguf";
                });
                part("step_" + name, () -> step(model));
            });
        }
    }

    private void ofTheQuantizedBase(PretrainedModel model) {
        for (String name : job.adapters()) {
            adapted(model, name, adapter -> part("nf4_step_" + name, () -> step(model)));
        }
    }

    private void ofTheGgufFile(PretrainedModel model) {
        part("gguf_ids", () -> model.tokenizer().encode(job.prompt()));
        part("gguf_logits", () -> logits(model));
        part("gguf_greedy", () -> greedy(model));
        part("gguf_chat", () -> chat(model));
    }

    // ---- parts ----

    private interface Use<T> {
        void of(T value);
    }

    private void with(String name, Supplier<PretrainedModel> load, Use<PretrainedModel> use) {
        try (PretrainedModel model = load.get()) {
            use.of(model);
        } catch (RuntimeException e) {
            failed.put("load_" + name, message(e));
        }
    }

    private void adapted(PretrainedModel model, String name, Use<LoraAdapter> use) {
        try {
            LoraAdapter adapter = Lora.load(folder.resolve(name), model);
            use.of(adapter);
            adapter.remove();
        } catch (RuntimeException e) {
            failed.put("adapter_" + name, message(e));
        }
    }

    private void part(String name, Supplier<Object> work) {
        try {
            found.put(name, work.get());
        } catch (RuntimeException e) {
            failed.put(name, message(e));
        }
    }

    private static String message(RuntimeException e) {
        return e instanceof LorikeetException ? e.getMessage() : e.toString();
    }

    // ---- what is computed ----

    private float[][] logits(PretrainedModel model) {
        return logits(model, job.ids());
    }

    private static float[][] logits(PretrainedModel model, int[] ids) {
        try (NDManager scope = model.manager().newSubManager()) {
            return rows(model.logits(scope, new int[][] {ids}));
        }
    }

    private static float[][] rows(NDArray logits) {
        float[] flat = logits.toFloatArray();
        int width = (int) logits.getShape().get(logits.getShape().dimension() - 1);
        return IntStream.range(0, flat.length / width)
                .mapToObj(i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width))
                .toArray(float[][]::new);
    }

    private int[] greedy(PretrainedModel model) {
        return model.generate(job.ids(), GenerationConfig.greedy(job.tokens()));
    }

    private int[] greedyWithoutCache(PretrainedModel model) {
        int[] ids = job.ids();
        for (int i = 0; i < job.tokens(); i++) {
            float[][] logits = logits(model, ids);
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = likeliest(logits[logits.length - 1]);
        }
        return Arrays.copyOfRange(ids, job.ids().length, ids.length);
    }

    private static int likeliest(float[] logits) {
        return IntStream.range(0, logits.length)
                .reduce((best, i) -> logits[i] > logits[best] ? i : best)
                .orElseThrow();
    }

    private List<int[]> greedyRows(PretrainedModel model) {
        return model.generate(job.texts(), GenerationConfig.greedy(job.tokens())).stream()
                .map(result -> result.ids())
                .toList();
    }

    /** Of each text in one batch padded on the left, without those at the padding. */
    private List<float[][]> paddedLogits(PretrainedModel model) {
        List<int[]> rows = job.texts().stream().map(model.tokenizer()::encode).toList();
        int width = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
        int[][] ids = new int[rows.size()][width];
        boolean[] mask = new boolean[rows.size() * width];
        for (int i = 0; i < ids.length; i++) {
            int padding = width - rows.get(i).length;
            Arrays.fill(ids[i], 0, padding, model.padId());
            System.arraycopy(rows.get(i), 0, ids[i], padding, rows.get(i).length);
            Arrays.fill(mask, i * width + padding, (i + 1) * width, true);
        }
        try (NDManager scope = model.manager().newSubManager()) {
            NDList inputs = new NDList(model.ids(scope, ids), scope.create(mask, new Shape(ids.length, width)));
            float[][] logits = rows(model.transformer()
                    .forward(new ParameterStore(scope, false), inputs, false)
                    .head());
            return IntStream.range(0, ids.length)
                    .mapToObj(i -> Arrays.copyOfRange(logits, (i + 1) * width - rows.get(i).length, (i + 1) * width))
                    .toList();
        }
    }

    private Map<String, Object> chat(PretrainedModel model) {
        ChatTemplate template = model.tokenizer().chat();
        return Map.of(
                "text", template.render(job.messages(), true),
                "whole", template.render(job.messages(), false),
                "ids", template.encode(job.messages(), true));
    }

    private OneStep step(PretrainedModel model) {
        Table table = Table.create(StringColumn.create("text", job.texts()));
        Documents documents =
                Documents.of(table, "text").length(LONGEST).batch(job.texts().size());
        Batch batch = documents.batches(model.tokenizer()).epoch(0).get(0);
        History.StepRecord step = FineTune.of(model)
                .on(documents)
                .epochs(1)
                .maxSteps(1)
                .learningRate(LEARNING_RATE)
                .quietly()
                .run()
                .history()
                .steps()
                .get(0);
        return new OneStep(step.loss(), step.gradientNorm(), SharedBatches.rows(batch.ids(), batch.lengths()));
    }
}
