package dev.lorikeet.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.config.ModelConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedShapesTest {

    @ParameterizedTest
    @CsvSource({
        "llama-2-7b, 6738415616",
        "tinyllama-1.1b, 1100048384",
        "smollm2-135m, 134515008",
        "qwen2.5-0.5b, 494032768"
    })
    void theyHaveAsManyParametersAsArePublished(String model, long parameters) {
        ModelConfig config = PublishedShapes.named(model);
        long counted = Families.named(config.family()).tensors(config).values().stream()
                .mapToLong(tensor -> tensor.shape().size())
                .sum();
        assertEquals(parameters, counted);
    }

    @Test
    void anUnknownOneIsRefused() {
        String message = assertThrows(UnknownNameException.class, () -> PublishedShapes.named("llama-2-7"))
                .getMessage();
        assertTrue(message.contains("Did you mean \"llama-2-7b\"?"), message);
    }
}
