package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.model.generate.GenerationConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Arguments of models and adapters out of their range, and missing ones. */
class NumbersTest {

    private static void assertRefused(String start, Executable call) {
        String message = assertThrows(BadArgumentException.class, call).getMessage();
        assertTrue(message.startsWith(start), message);
    }

    @Test
    void namesOfModels() {
        assertRefused("model is \"\"; expected a name or a path", () -> Models.load(""));
        assertRefused("model is \" \"", () -> Models.load(" "));
        assertRefused("model is null", () -> Models.load((String) null));
        assertRefused("model is null", () -> Models.load((Path) null));
        assertRefused("model is \"a\0b\"", () -> Models.load("a\0b"));
        assertRefused("model is \"\"", () -> Models.shape(""));
        assertRefused("model is null", () -> Models.shape((String) null));
        assertRefused("model is null", () -> Models.classifier((String) null));
        assertRefused("model is \"a\0b\"", () -> Models.classifier("a\0b"));
        assertRefused("model is null", () -> Lora.rank(2).inject(null));
    }

    @Test
    void sizesOfModels() {
        assertRefused("number of heads is 0", () -> PublishedShapes.gpt2(16, 2, 0));
        assertRefused(
                "number of heads is 4; expected a divisor of the hidden size, 17",
                () -> PublishedShapes.gpt2(17, 2, 4));
        assertRefused("hidden size is -16", () -> PublishedShapes.gpt2(-16, 2, 2));
        assertRefused("number of layers is -1", () -> PublishedShapes.gpt2(16, -1, 2));
        assertRefused("vocabulary size is 0", () -> TinyModels.llama(0, 16, 1, 2, 1, 32, 64));
        assertRefused("intermediate size is -3", () -> TinyModels.llama(9, 16, 1, 2, 1, -3, 64));
        assertRefused("context length is 0", () -> TinyModels.llama(9, 16, 1, 2, 1, 32, 0));
    }

    @Test
    void idsAndPromptsOfGeneration() {
        try (PretrainedModel model = TinyModels.randomGpt2(1)) {
            GenerationConfig two = GenerationConfig.greedy(2);
            for (int id : new int[] {-1, 50_257, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertRefused(
                        "token id is " + id + "; expected 0 to 50256", () -> model.generate(new int[] {1, id}, two));
            }
            assertRefused("prompt is null", () -> model.generate((String) null, 2));
            assertRefused("settings is null", () -> model.generate("a", null));
            assertRefused("a prompt is null", () -> model.generate(Arrays.asList("a", null), two));
            assertRefused("temperature is Infinity", () -> two.temperature(Double.POSITIVE_INFINITY));
            assertRefused("temperature is NaN", () -> two.temperature(Double.NaN));
            assertRefused("repetitionPenalty is Infinity", () -> two.repetitionPenalty(Double.POSITIVE_INFINITY));
            assertEquals(
                    2,
                    model.generate(
                                    List.of("a", "b"),
                                    two.maxTokens(Integer.MAX_VALUE).maxLength(3))
                            .get(1)
                            .ids()
                            .length);
        }
        assertRefused("text is null", () -> {
            try (Classifier model = TinyModels.randomGpt2(1).classifier("a", "b")) {
                model.classify((String) null);
            }
        });
    }

    @Test
    void rankAndAlpha() {
        assertRefused("alpha is Infinity", () -> Lora.rank(2).alpha(Double.POSITIVE_INFINITY));
        assertRefused("alpha is 1.0E308; expected more than 0 and at most 1000000.0", () -> Lora.rank(2)
                .alpha(1e308));
        assertRefused("alpha is NaN", () -> Lora.rank(2).alpha(Double.NaN));
        assertRefused("adapter name is null", () -> Lora.rank(2).named(null));
        try (PretrainedModel model = TinyModels.randomLlama(1)) {
            for (int rank : new int[] {0, 20_000_000, Integer.MAX_VALUE}) {
                assertRefused("rank is " + rank + "; expected at least 1 and at most 1000000", () -> Lora.rank(rank));
            }
            for (int rank : new int[] {65, 1_000_000}) {
                assertRefused(
                        "rank is " + rank
                                + "; expected at most 64 for \"model.layers.0.self_attn.q_proj\", a layer of 64 × 64",
                        () -> Lora.rank(rank).alpha(1).on("q_proj").inject(model));
            }
            assertRefused(
                    "rank is 129; expected at most 128",
                    () -> Lora.rank(2).rankPattern("down_proj", 129).inject(model));
            assertTrue(model.adapters().list().isEmpty());
            Lora.rank(64).on("q_proj").inject(model);
        }
    }
}
