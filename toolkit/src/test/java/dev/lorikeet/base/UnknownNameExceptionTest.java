package dev.lorikeet.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnknownNameExceptionTest {

    private static final List<String> KNOWN = List.of("gpt2", "gpt2-medium", "smollm2-135m");

    @Test
    void theNearestNameIsTheOneWithFewestEdits() {
        assertEquals(Optional.of("gpt2-medium"), UnknownNameException.nearest("gpt2-medum", KNOWN));
        assertEquals(Optional.of("gpt2-medium"), UnknownNameException.nearest("GPT2-Medium", KNOWN));
        assertEquals(Optional.of("gpt2"), UnknownNameException.nearest("gtp2", KNOWN));
        assertEquals(Optional.of("smollm2-135m"), UnknownNameException.nearest("smollm-135m", KNOWN));
        assertEquals(Optional.of("smollm2-135m"), UnknownNameException.nearest("smollm2-360m", KNOWN));
    }

    @Test
    void aNameThatIsFarFromAllHasNone() {
        assertEquals(Optional.empty(), UnknownNameException.nearest("mistral", KNOWN));
        assertEquals(Optional.empty(), UnknownNameException.nearest("x", List.of()));
    }

    @Test
    void theMessageListsTheNamesInOrder() {
        assertEquals(
                "There is no model \"gpt\". Did you mean \"gpt2\"? There are: gpt2, smollm2",
                new UnknownNameException("model", "gpt", List.of("smollm2", "gpt2")).getMessage());
        assertEquals(
                "There is no model \"mistral\". There are: gpt2",
                new UnknownNameException("model", "mistral", List.of("gpt2")).getMessage());
    }
}
