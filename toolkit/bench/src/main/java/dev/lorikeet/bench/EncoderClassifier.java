package dev.lorikeet.bench;

import com.google.gson.Gson;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Splits;
import dev.lorikeet.data.TextData;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import dev.lorikeet.train.Evaluation;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.history.History;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import tech.tablesaw.api.Table;

/**
 * An encoder with LoRA of rank 16 on every linear layer and a new head that is trained in full. Options as {@code name=value}: set
 * (spam or banking77), model, epochs (0: as the set has them), steps (0: all), seed, precision, lr, decay, evaluate; and what is
 * written for a peer that does the same: adapter (folder to write the adapter and the head to before training), batches (file to
 * write the batches to that were trained on), test (file for those of the test part), losses (file for the loss of each step).
 */
public final class EncoderClassifier {

    private static final int RANK = 16;

    /** What is trained on, in batches of how many texts, how often. */
    private enum Data {
        SPAM(8, 3, () -> TextData.balanced(Datasets.smsSpam(), "label").split(0.7, 0.1)),
        BANKING77(32, 1, () -> withoutValidation(Datasets.banking77("train"), Datasets.banking77("test")));

        private final int batchSize;
        private final int epochs;
        private final Supplier<Splits> splits;

        Data(int batchSize, int epochs, Supplier<Splits> splits) {
            this.batchSize = batchSize;
            this.epochs = epochs;
            this.splits = splits;
        }

        private static Splits withoutValidation(Table train, Table test) {
            return new Splits(train, train.emptyCopy(), test);
        }
    }

    private EncoderClassifier() {}

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        Data data = Data.valueOf(options.text("set", "spam").toUpperCase(Locale.ROOT));
        Splits splits = data.splits.get();
        long seed = options.whole("seed", 1);
        int epochs = (int) options.whole("epochs", 0);
        try (Classifier model = Models.load(options.text("model", "minilm-l6-v2"), options.dtype())
                .classifier(seed, splits.labels())) {
            LoraAdapter adapter = Lora.rank(RANK)
                    .alpha(RANK)
                    .on(Targets.ALL_LINEAR)
                    .seed(seed)
                    .inject(model);
            if (options.has("adapter")) {
                adapter.save(options.path("adapter"));
            }
            TrainingRun run = FineTune.of(model)
                    .on(splits)
                    .batchSize(data.batchSize)
                    .epochs(epochs == 0 ? data.epochs : epochs)
                    .maxSteps((int) options.whole("steps", 0))
                    .learningRate(options.number("lr", 5e-4))
                    .weightDecay(options.number("decay", 0.01))
                    .seed(seed)
                    .evaluateEvery(0)
                    .quietly()
                    .run();
            Map<String, Object> more = new LinkedHashMap<>();
            more.put("trainable", model.parameterCount().trainable());
            if (options.has("batches")) {
                SharedBatches.writeLabelled(options.path("batches"), run, splits, model);
            }
            if (options.has("test")) {
                SharedBatches.writeTest(options.path("test"), splits.test(), model, data.batchSize);
            }
            if (options.has("losses")) {
                writeLosses(options.path("losses"), run);
            }
            if (options.whole("evaluate", 1) == 1) {
                more.put(
                        "test_accuracy",
                        Evaluation.of(model)
                                .batchSize(data.batchSize)
                                .on(splits.test())
                                .accuracy());
            }
            Outcome.print(run, more);
        }
    }

    private static void writeLosses(Path file, TrainingRun run) {
        List<Double> losses =
                run.history().steps().stream().map(History.StepRecord::loss).toList();
        AtomicFiles.writeText(file, new Gson().toJson(losses));
    }
}
