package dev.lorikeet.bench;

import dev.lorikeet.base.Progress;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Splits;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * GPT-2 small with random weights and a head of two classes, LoRA of rank 16 on every linear layer, query, key and value as one,
 * as PEFT has them. Its rows are SMS messages side by side, so that none is shorter than the length and none is padded. Options
 * as {@code name=value}: batch, length, steps (0: 12), seed, precision, batches (file to write the batches to that were trained
 * on).
 */
public final class Gpt2Classifier {

    private static final int STEPS = 12;

    private Gpt2Classifier() {}

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        int steps = options.steps(STEPS);
        int length = (int) options.whole("length", 120);
        long seed = options.whole("seed", 1);
        try (Classifier model = Models.random("gpt2", seed).classifier(seed, "ham", "spam")) {
            model.computeDtype(options.dtype());
            Splits splits = splits(model.tokenizer(), length);
            Lora.rank(16)
                    .alpha(16)
                    .on("c_attn", "c_proj", "c_fc", "score")
                    .seed(seed)
                    .inject(model);
            TrainingRun run = FineTune.of(model)
                    .on(splits)
                    .batchSize((int) options.whole("batch", 8))
                    .padTo(length)
                    .epochs(steps)
                    .maxSteps(steps)
                    .learningRate(2e-4)
                    .weightDecay(0.1)
                    .evaluateEvery(0)
                    .seed(seed)
                    .quietly()
                    .run();
            if (options.has("batches")) {
                SharedBatches.writeLabelled(options.path("batches"), run, splits, model);
            }
            Outcome.print(run, Map.of("trainable", model.parameterCount().trainable()));
        }
    }

    private static Splits splits(Tokenizer tokenizer, int length) {
        Table messages = Datasets.smsSpam();
        List<String> labels = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (String label : List.of("ham", "spam")) {
            StringBuilder text = new StringBuilder();
            for (String message : messages.where(messages.stringColumn("label").isEqualTo(label))
                    .stringColumn("text")) {
                text.append(message).append('\n');
                if (tokenizer.encode(text.toString()).length >= length) {
                    labels.add(label);
                    texts.add(text.toString());
                    text.setLength(0);
                }
            }
        }
        Table train = Table.create(
                "SMS messages side by side", StringColumn.create("label", labels), StringColumn.create("text", texts));
        return new Splits(train, train.emptyCopy(), train.emptyCopy());
    }
}
