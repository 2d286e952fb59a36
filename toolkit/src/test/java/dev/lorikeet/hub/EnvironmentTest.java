package dev.lorikeet.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {

    @TempDir
    private Path home;

    private Environment with(String... variables) {
        return new Environment(
                switch (variables.length) {
                    case 0 -> Map.of();
                    case 2 -> Map.of(variables[0], variables[1]);
                    default -> Map.of(variables[0], variables[1], variables[2], variables[3]);
                },
                home);
    }

    @Test
    void theCacheIsWherePythonsToolsLook() {
        assertEquals(home.resolve(".cache/huggingface/hub"), with().cache());
        assertEquals(Path.of("x/huggingface/hub"), with("XDG_CACHE_HOME", "x").cache());
        assertEquals(Path.of("a/hub"), with("HF_HOME", "a").cache());
        assertEquals(Path.of("b"), with("HF_HOME", "a", "HF_HUB_CACHE", "b").cache());
        assertEquals(home.resolve("a/hub"), with("HF_HOME", "~/a").cache());
        assertEquals(home, with("HF_HUB_CACHE", "~").cache());
        assertEquals(Path.of("~b"), with("HF_HUB_CACHE", "~b").cache());
        assertEquals(home.resolve(".cache/huggingface/hub"), with("HF_HOME", "").cache());
    }

    @Test
    void theTokenIsAVariableOrAFile() throws IOException {
        assertEquals(Optional.empty(), with().token());
        assertEquals(Optional.of("hf_a"), with("HF_TOKEN", " hf_a\n").token());
        Files.createDirectories(home.resolve(".cache/huggingface"));
        Files.writeString(home.resolve(".cache/huggingface/token"), "hf_b\n");
        assertEquals(Optional.of("hf_b"), with().token());
        assertEquals(Optional.of("hf_a"), with("HF_TOKEN", "hf_a").token());
        Files.writeString(home.resolve("mine"), "hf_c");
        assertEquals(Optional.of("hf_c"), with("HF_TOKEN_PATH", "~/mine").token());
        Files.writeString(home.resolve("token"), "hf_d");
        assertEquals(Optional.of("hf_d"), with("HF_HOME", "~").token());
        assertEquals(Optional.empty(), with("HF_HOME", "~/nowhere").token());
    }

    @Test
    void aTokenIsNeverShown() {
        Environment bad = with("HF_TOKEN", "hf_a\nhf_b");
        String message = assertThrows(LorikeetException.class, bad::token).getMessage();
        assertFalse(message.contains("hf_"), message);
        assertFalse(bad.toString().contains("hf_"), bad.toString());
    }

    @Test
    void theEndpointIsAnAddress() {
        assertEquals(URI.create("https://huggingface.co"), with().endpoint());
        assertEquals(
                URI.create("http://localhost:1/hf"),
                with("HF_ENDPOINT", "http://localhost:1/hf/").endpoint());
        for (String wrong : new String[] {"huggingface.co", "ftp://a", "https://", "http://a b"}) {
            assertThrows(
                    BadArgumentException.class, () -> with("HF_ENDPOINT", wrong).endpoint(), wrong);
        }
    }

    @Test
    void offlineIsSaidInAFewWays() {
        assertFalse(with().offline());
        for (String yes : new String[] {"1", "true", "YES", "On"}) {
            assertTrue(with("HF_HUB_OFFLINE", yes).offline(), yes);
        }
        assertFalse(with("HF_HUB_OFFLINE", "0").offline());
        assertTrue(with().links());
        assertFalse(with("HF_HUB_DISABLE_SYMLINKS", "1").links());
    }
}
