package dev.lorikeet.bench;

import dev.lorikeet.base.Progress;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Splits;
import dev.lorikeet.data.TextData;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import dev.lorikeet.train.Evaluation;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.score.Accuracies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * LoRA of rank 16 on every linear layer of SmolLM2-135M, on the balanced SMS Spam Collection. Options as {@code
 * name=value}: data (folder of the split, written if missing), epochs, steps (0: all), seed, precision, lr, decay, evaluate,
 * batches (file to write the batches to that were trained on).
 */
public final class SpamEpoch {

    private SpamEpoch() {}

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        Splits splits = splits(Path.of(options.text("data", "target/bench/spam")));
        long seed = options.whole("seed", 1);
        try (Classifier model = Models.load("smollm2-135m", options.dtype()).classifier(seed, "ham", "spam")) {
            Lora.rank(16).on(Targets.ALL_LINEAR).seed(seed).inject(model);
            TrainingRun run = FineTune.of(model)
                    .on(splits)
                    .epochs((int) options.whole("epochs", 3))
                    .maxSteps((int) options.whole("steps", 0))
                    .learningRate(options.number("lr", 2e-4))
                    .weightDecay(options.number("decay", 0.1))
                    .seed(seed)
                    .evaluateEvery(0)
                    .quietly()
                    .run();
            Map<String, Object> more = new LinkedHashMap<>();
            more.put("trainable", model.parameterCount().trainable());
            if (options.has("batches")) {
                SharedBatches.writeLabelled(options.path("batches"), run, splits, model);
            }
            if (options.whole("evaluate", 1) == 1) {
                Accuracies accuracies = Evaluation.of(model).on(splits);
                more.put("validation_accuracy", accuracies.validation().accuracy());
                more.put("test_accuracy", accuracies.test().accuracy());
            }
            Outcome.print(run, more);
        }
    }

    private static Splits splits(Path folder) {
        return Files.exists(folder.resolve("test.csv"))
                ? Splits.load(folder)
                : TextData.balanced(Datasets.smsSpam(), "label").split(0.7, 0.1).save(folder);
    }
}
