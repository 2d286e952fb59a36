package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.UnknownNameException;
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
        Config config = Config.named(model);
        long counted = FormulaWeights.names(config).stream()
                .mapToLong(name -> Shapes.of(config, name).size())
                .sum();
        assertEquals(parameters, counted);
    }

    @Test
    void anUnknownOneIsRefused() {
        String message = assertThrows(UnknownNameException.class, () -> Config.named("llama-2-7"))
                .getMessage();
        assertTrue(message.contains("Did you mean \"llama-2-7b\"?"), message);
    }
}
