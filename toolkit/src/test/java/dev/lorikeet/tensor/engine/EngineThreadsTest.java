package dev.lorikeet.tensor.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineThreadsTest {

    @Test
    void aNumberOfThreadsIsTaken() {
        assertEquals(3, EngineThreads.parse("3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "two", "1.5", "99999", "99999999999"})
    void anythingElseIsRefusedByName(String threads) {
        BadArgumentException refused = assertThrows(BadArgumentException.class, () -> EngineThreads.parse(threads));
        String message = refused.getMessage();
        assertTrue(message.contains("LORIKEET_THREADS") && message.contains(threads), message);
    }
}
