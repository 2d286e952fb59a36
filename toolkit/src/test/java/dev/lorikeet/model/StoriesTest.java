package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.model.generate.GenerationConfig;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A small real Llama with grouped queries against the text that llama2.c's own test expects of it. */
class StoriesTest {

    @Test
    void writesTheReferenceStory() throws IOException {
        JsonObject reference = TestData.json(TestData.data("stories260K-reference.json"));
        int[] start = {1};
        try (PretrainedModel model = StoriesModel.load(TestData.data("stories260K.bin"), TestData.data("tok512.bin"))) {
            float[] logits = References.lastLogits(model, start);
            for (int i = 0; i < 5; i++) {
                assertEquals(
                        reference.getAsJsonArray("logits_at_bos_first5").get(i).getAsDouble(), logits[i], 1e-4);
            }
            int[] ids = model.generate(start, GenerationConfig.greedy(200));
            int[] expected = References.ints(reference.getAsJsonArray("greedy_ids_from_bos"));
            int[] all = new int[expected.length];
            all[0] = start[0];
            System.arraycopy(ids, 0, all, 1, all.length - 1);
            assertArrayEquals(expected, all);
            String story = model.tokenizer().decode(Arrays.copyOf(ids, ids.length));
            assertEquals(reference.get("expected_stdout_200_steps_t0").getAsString(), story.stripLeading());
        }
    }
}
