package dev.lorikeet.bench;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.train.CausalTuning;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.step.AdamW;
import java.util.List;
import java.util.Map;

/**
 * GPT-2 small with random weights as a language model, on the posts written for this project. Options as {@code
 * name=value}: mode (lora: rank 4, alpha 32 on query and value; full: all weights; last: the last layers), layers (of mode
 * last, 2), batch, accumulate, length, steps (0: 12), seed, precision, recompute (0 or 1), loss-rows, batches (file to write
 * the batches to that were trained on).
 */
public final class Gpt2Lm {

    private static final int STEPS = 12;

    private Gpt2Lm() {}

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        int steps = options.steps(STEPS);
        Documents documents = Documents.of(Datasets.posts(), "document")
                .length((int) options.whole("length", 128))
                .batch((int) options.whole("batch", 8))
                .dropLast();
        try (PretrainedModel model = Models.random("gpt2", options.whole("seed", 1))) {
            model.computeDtype(options.dtype());
            switch (options.text("mode", "lora")) {
                case "lora" -> Lora.rank(4).alpha(32).on("query", "value").inject(model);
                case "full" -> model.freeze(false);
                case "last" -> model.trainLast((int) options.whole("layers", 2));
                default -> throw new BadArgumentException("mode", options.text("mode", ""), "lora, full or last");
            }
            CausalTuning tuning = FineTune.of(model)
                    .on(documents)
                    .epochs(steps)
                    .maxSteps(steps)
                    .accumulate((int) options.whole("accumulate", 1))
                    .adamW(AdamW.of(5e-5).weightDecay(0.01).epsilon(1e-6).decayMatricesOnly())
                    .clipNorm(1)
                    .quietly();
            if (options.whole("recompute", 0) == 1) {
                tuning.recompute();
            }
            if (options.has("loss-rows")) {
                tuning.lossRows((int) options.whole("loss-rows", 0));
            }
            if (options.has("batches")) {
                List<Batch> epoch = documents.batches(model.tokenizer()).epoch(0);
                SharedBatches.writeCausal(options.path("batches"), epoch);
            }
            long trainable = model.parameterCount().trainable();
            TrainingRun run = tuning.run();
            Outcome.print(run, Map.of("trainable", trainable));
        }
    }
}
