package dev.lorikeet.bench;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.data.Conversations;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.text.ChatTemplate;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;
import tech.tablesaw.selection.Selection;

/**
 * One epoch of supervised fine-tuning of a chat model, rank 8 on q and v, on the first real conversations that fit into a row,
 * of which the answers alone are learned. Options as {@code name=value}: model (a name, a folder or a GGUF file), rows, length,
 * batch (8, as TRL has it), steps (0: all), seed, precision, conversations (file to write them to, a line each).
 */
public final class SftGuanaco {

    private SftGuanaco() {}

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        int length = (int) options.whole("length", 256);
        long seed = options.whole("seed", 1);
        try (PretrainedModel model = Models.load(options.text("model", "smollm2-135m"), options.dtype())) {
            Conversations conversations = fitting(model.tokenizer(), length, (int) options.whole("rows", 128));
            if (options.has("conversations")) {
                String lines = String.join(
                        "\n", conversations.messages().stringColumn("messages").asList());
                AtomicFiles.writeText(options.path("conversations"), lines);
            }
            Lora.rank(8).alpha(16).on("q_proj", "v_proj").seed(seed).inject(model);
            TrainingRun run = FineTune.of(model)
                    .on(Documents.of(conversations)
                            .completionOnly()
                            .length(length)
                            .batch((int) options.whole("batch", 8))
                            .shuffled(seed))
                    .epochs(1)
                    .maxSteps(options.steps(0))
                    .learningRate(2e-4)
                    .clipNorm(1)
                    .quietly()
                    .run();
            Outcome.print(run, Map.of("trainable", model.parameterCount().trainable()));
        }
    }

    private static Conversations fitting(Tokenizer tokenizer, int length, int rows) {
        Table table = Datasets.guanacoLlama2();
        Conversations all = Conversations.of(table, "text");
        ChatTemplate template = tokenizer.chat();
        int[] chosen = IntStream.range(0, all.size())
                .filter(row -> tokenizer.encode(template.render(all.get(row), false), true).length <= length)
                .limit(rows)
                .toArray();
        return Conversations.of(table.where(Selection.with(chosen)), "text");
    }
}
