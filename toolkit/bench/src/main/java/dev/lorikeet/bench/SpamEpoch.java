package dev.lorikeet.bench;

import com.google.gson.Gson;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Batches;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Examples;
import dev.lorikeet.data.Splits;
import dev.lorikeet.data.TextData;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import dev.lorikeet.train.Accuracies;
import dev.lorikeet.train.Evaluation;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * LoRA of rank 16 on every linear layer of SmolLM2-135M, on the balanced SMS Spam Collection. Options as {@code
 * name=value}: data (folder of the split, written if missing), epochs, steps (0: all), seed, lr, decay, evaluate,
 * batches (file to write the batches to that were trained on).
 */
public final class SpamEpoch {

    private SpamEpoch() {}

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        Splits splits = splits(Path.of(options.text("data", "target/bench/spam")));
        try (Classifier model = Models.load("smollm2-135m").classifier(options.whole("seed", 1), "ham", "spam")) {
            Lora.rank(16).on(Targets.ALL_LINEAR).seed(options.whole("seed", 1)).inject(model);
            TrainingRun run = FineTune.of(model)
                    .on(splits)
                    .epochs((int) options.whole("epochs", 3))
                    .maxSteps((int) options.whole("steps", 0))
                    .adamW(options.number("lr", 2e-4))
                    .weightDecay(options.number("decay", 0.1))
                    .seed(options.whole("seed", 1))
                    .evaluateEvery(0)
                    .quietly()
                    .run();
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("stack", "Lorikeet");
            result.put("seed", options.whole("seed", 1));
            result.put("steps", run.steps());
            result.put("train_seconds", run.seconds());
            result.put("step_seconds_median", run.stepSeconds());
            result.put("first_loss", run.history().steps().get(0).loss());
            result.put("last_losses_mean", lastLosses(run));
            result.put("trainable", model.parameterCount().trainable());
            result.put("peak_rss_gib", run.memory().peak());
            if (options.has("batches")) {
                SharedBatches.writeLabelled(Path.of(options.text("batches", "")), batches(run, splits, model));
            }
            if (options.whole("evaluate", 1) == 1) {
                Accuracies accuracies = Evaluation.of(model).on(splits);
                result.put("validation_accuracy", accuracies.validation().accuracy());
                result.put("test_accuracy", accuracies.test().accuracy());
            }
            System.out.println(new Gson().toJson(result));
        }
    }

    private static Splits splits(Path folder) {
        return Files.exists(folder.resolve("test.csv"))
                ? Splits.load(folder)
                : TextData.balanced(Datasets.smsSpam(), "label").split(0.7, 0.1).save(folder);
    }

    /** The batches of this run, made again: the loop does not give them away. */
    private static List<Batch> batches(TrainingRun run, Splits splits, Classifier model) {
        Batches order = Batches.of(Examples.encode(
                        splits.train(),
                        model.tokenizer(),
                        model.labels(),
                        model.config().context()))
                .size(run.settings().batchSize())
                .padId(model.tokenizer().pad().orElse(0))
                .shuffled(run.settings().seed())
                .dropLast();
        List<Batch> all = IntStream.range(0, run.settings().epochs())
                .mapToObj(order::epoch)
                .flatMap(List::stream)
                .limit(run.steps())
                .toList();
        if (all.stream().mapToLong(Batch::tokens).sum() != run.tokens()) {
            throw new LorikeetException("The training loop makes its batches otherwise than this benchmark thinks");
        }
        return all;
    }

    private static double lastLosses(TrainingRun run) {
        return run.history().steps().stream()
                .skip(Math.max(0, run.steps() - 50))
                .mapToDouble(step -> step.loss())
                .average()
                .orElse(Double.NaN);
    }
}
