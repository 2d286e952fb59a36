package dev.lorikeet.base;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions of others end, or are refused. */
class RegexTest {

    private static final String PATH = "model.layers.11.self_attn.q_proj";

    @Test
    void ordinaryOnesMatchAsEver() {
        assertTrue(Regex.matches(Pattern.compile(".*\\.(\\d{1,3})\\.self_attn\\.[qv]_proj"), PATH));
        assertEquals(
                "11",
                Regex.match(Regex.compile("pattern", ".*layers\\.(\\d+)\\..*"), PATH)
                        .orElseThrow()
                        .group(1));
        assertFalse(Regex.matches(Pattern.compile("q_proj"), PATH), "the whole text counts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((([a-z0-9._])*)*)*X",
                "(?:(?:){2147483647}){2147483647}X",
                "(?:(?:(?:(?:){999}){999}){999}){999}X",
                "(?:){99999999999999999999}",
                "("
            })
    void othersAreRefusedInTime(String expression) {
        assertTimeoutPreemptively(ofSeconds(5), () -> {
            BadArgumentException error = assertThrows(
                    BadArgumentException.class,
                    () -> assertFalse(Regex.matches(Regex.compile("pattern", expression), PATH), "it came to an end"));
            assertTrue(error.getMessage().contains(expression), error.getMessage());
        });
    }

    @Test
    void groupsInOneAnotherAreRefused() {
        String deep = "(".repeat(100_000) + "a" + ")".repeat(100_000);
        assertThrows(BadArgumentException.class, () -> Regex.compile("pattern", deep));
    }
}
