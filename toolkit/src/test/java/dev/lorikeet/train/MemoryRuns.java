package dev.lorikeet.train;

import com.google.gson.Gson;
import dev.lorikeet.base.Progress;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.memory.MemoryEstimate;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.text.Tokenizers;
import java.util.Locale;
import java.util.Map;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A process of its own, so that what it measures is nobody else's: trains a little and prints what it took. */
public final class MemoryRuns {

    // Positions that no row reaches take memory and no time.
    private static final ModelConfig GPT2 =
            PublishedShapes.gpt2(192, 8, 6).change().contextLength(200_000).build();
    private static final ModelConfig LONG =
            PublishedShapes.gpt2(320, 4, 5).change().contextLength(450_000).build();
    private static final ModelConfig LLAMA = TinyModels.llama(50_257, 256, 8, 8, 4, 512, 512);

    private MemoryRuns() {}

    /** Takes as arguments gpt2 or llama; lora, full or last; a precision; whether to recompute. */
    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        DType dtype = DType.valueOf(args[2].toUpperCase(Locale.ROOT));
        // A CPU that does not know half precision takes minutes for as much; there the weights in it are what is to be
        // seen.
        boolean half = dtype != DType.FLOAT32;
        int batch = half ? 2 : 8;
        String[] texts = new String[2 * batch];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = ("text " + i + " ").repeat(half ? 16 : 100);
        }
        Table table = Table.create("texts", StringColumn.create("document", texts));
        ModelConfig config = args[0].equals("llama") ? LLAMA : half ? LONG : GPT2;
        try (PretrainedModel model = Models.random("small " + args[0], config, Tokenizers.gpt2(), 1)) {
            model.computeDtype(dtype);
            switch (args[1]) {
                case "lora" -> Lora.rank(4).inject(model);
                case "full" -> model.freeze(false);
                default -> model.trainLast(1);
            }
            CausalTuning tuning = FineTune.of(model)
                    .on(Documents.of(table, "document").batch(batch))
                    .epochs(1)
                    .quietly();
            if (Boolean.parseBoolean(args[3])) {
                tuning.recompute();
            }
            MemoryEstimate estimate = tuning.estimate();
            MemoryBreakdown memory = tuning.run().memory();
            System.out.println(memory);
            System.out.println(estimate);
            System.out.println(new Gson()
                    .toJson(Map.of(
                            "sum", memory.parts().sum(), "peak", memory.peak(), "estimate", estimate.totalGiB())));
        }
    }
}
