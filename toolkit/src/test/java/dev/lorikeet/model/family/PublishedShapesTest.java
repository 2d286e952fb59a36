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
        "distilgpt2, 81912576",
        "gpt2, 124439808",
        "gpt2-medium, 354823168",
        "gpt2-large, 774030080",
        "gpt2-xl, 1557611200",
        "smollm2-135m, 134515008",
        "smollm2-360m, 361821120",
        "smollm2-1.7b, 1711376384",
        "tinyllama-1.1b, 1100048384",
        "llama-2-7b, 6738415616",
        "llama-2-13b, 13015864320",
        "llama-2-70b, 68976648192",
        "llama-3-8b, 8030261248",
        "mistral-7b, 7241732096",
        "qwen2.5-0.5b, 494032768",
        "qwen2.5-7b, 7615616512"
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
