package dev.lorikeet.bench;

import dev.lorikeet.base.Progress;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.train.CausalTuning;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A Llama as a language model, rank 8 on q and v, on real conversations. Options as {@code name=value}: model (a name, a folder
 * or a GGUF file), base (float: numbers; or a {@link Quantization}), batch, length, steps (0: 8), seed, precision (default: what
 * a quantised base is loaded in if nothing is said), recompute (0 or 1), beside (busy loops that run at the same time: 0), batches (file to write
 * the batches to that were trained on).
 */
public final class LlamaLm {

    private static final int STEPS = 8;

    private LlamaLm() {}

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        int steps = options.steps(STEPS);
        Documents documents = Documents.of(Datasets.guanacoLlama2(), "text")
                .length((int) options.whole("length", 128))
                .batch((int) options.whole("batch", 4))
                .dropLast()
                .take(steps);
        long began = System.nanoTime();
        try (PretrainedModel model = load(options)) {
            double loading = (System.nanoTime() - began) / 1e9;
            Lora.rank(8)
                    .alpha(16)
                    .on("q_proj", "v_proj")
                    .seed(options.whole("seed", 1))
                    .inject(model);
            if (options.has("batches")) {
                List<Batch> epoch = documents.batches(model.tokenizer()).epoch(0);
                SharedBatches.writeCausal(options.path("batches"), epoch);
            }
            CausalTuning tuning = FineTune.of(model)
                    .on(documents)
                    .epochs(steps)
                    .maxSteps(steps)
                    .learningRate(2e-4)
                    .clipNorm(0.3)
                    .quietly();
            if (options.whole("recompute", 0) == 1) {
                tuning.recompute();
            }
            long trainable = model.parameterCount().trainable();
            for (int i = 0; i < options.whole("beside", 0); i++) {
                spin();
            }
            TrainingRun run = tuning.run();
            Outcome.print(run, Map.of("trainable", trainable, "load_seconds", loading));
        }
    }

    /** Takes a processor until the process ends, as another program would. */
    private static void spin() {
        Thread loop = new Thread(
                () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                    }
                },
                "busy");
        loop.setDaemon(true);
        loop.start();
    }

    static PretrainedModel load(Options options) {
        String name = options.text("model", "smollm2-135m");
        String base = options.text("base", "as_stored");
        if (base.equals("float")) {
            return Models.load(name, options.dtype());
        }
        Quantization quantization = Quantization.valueOf(base.toUpperCase(Locale.ROOT));
        return options.text("precision", "").equals("default")
                ? Models.load(name, quantization)
                : Models.load(name, quantization, options.dtype());
    }
}
