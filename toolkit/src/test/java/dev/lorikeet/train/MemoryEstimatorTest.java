package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.tensor.Quantization;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class MemoryEstimatorTest {

    private static final double GIB = 1 << 30;

    private static final Documents TEXTS =
            Documents.of(Table.create("texts", StringColumn.create("text", "one two three", "four five six")), "text");

    private static double activations(PretrainedModel model, boolean recompute) {
        CausalTuning tuning = FineTune.of(model).on(TEXTS.length(16));
        return (recompute ? tuning.recompute() : tuning).estimate().parts().activations();
    }

    @Test
    void oneQuantisedLayerIsWidenedAtATime() {
        try (PretrainedModel numbers = TinyModels.randomLlama(1);
                PretrainedModel codes = TinyModels.randomLlama(1).quantize(Quantization.NF4)) {
            // Queries and output, keys and values, and the three matrices of the MLP, in float32.
            long layer = 4 * (2 * 64 * 64 + 2 * 64 * 32 + 3 * 64 * 128);
            Lora.rank(2).inject(numbers);
            Lora.rank(2).inject(codes);
            assertEquals(layer, GIB * (activations(codes, true) - activations(numbers, true)), 1);
            assertEquals(layer, GIB * (activations(codes, false) - activations(numbers, false)), 1);
        }
    }
}
