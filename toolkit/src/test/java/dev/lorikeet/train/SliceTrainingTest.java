package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lorikeet.data.Batch;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.CausalObjective;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.Optimizer;
import dev.lorikeet.train.step.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An adapter on one slice of a fused projection is trained without the others. */
class SliceTrainingTest {

    private static final Batch BATCH = Batch.of(new int[][] {{29, 26, 4, 13, 3, 26, 31}, {3, 30, 26, 14, 29, 17, 27}});

    @Test
    void trainingTheQueryLeavesKeyAndValueRows() {
        try (PretrainedModel model = TinyModels.load("tiny-gpt2")) {
            Projection attention = model.transformer().projections().get(0);
            float[] before = attention.weight().getArray().toFloatArray();
            LoraAdapter adapter = Lora.rank(2).on("query").inject(model);
            try (Optimizer optimizer = new Optimizer(AdamW.of(0.1), model.parameters(), model.manager())) {
                Step step = Toys.step(new CausalObjective(model), optimizer, MemoryOptions.DEFAULT, 1);
                for (int i = 0; i < 3; i++) {
                    step.run(List.of(BATCH), 0.1, (batch, seen) -> {});
                }
            }
            adapter.merge();
            float[] after = attention.weight().getArray().toFloatArray();
            int width = 8;
            for (int row = 0; row < 3 * width; row++) {
                for (int at = row * width; at < (row + 1) * width; at++) {
                    if (row < width) {
                        assertNotEquals(before[at], after[at], "query row " + row);
                    } else {
                        assertEquals(before[at], after[at], "row " + row);
                    }
                }
            }
        }
    }
}
