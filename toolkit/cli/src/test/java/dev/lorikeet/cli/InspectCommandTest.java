package dev.lorikeet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lorikeet.cli.Tiny.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {

    /** Parameters of the Llama: two tables of 33 × 8, and two layers. */
    private static final String PARAMETERS = "2,296 parameters in 21 tensors";

    @TempDir
    Path folder;

    @Test
    void listsAModelInEachForm() {
        Outcome inspected = Tiny.run("inspect " + Tiny.LLAMA);
        assertEquals(0, inspected.status(), inspected.err());
        assertTrue(inspected.out().contains(PARAMETERS + ", 9.0 KiB: F32 21 (9.0 KiB)"), inspected.out());
        assertTrue(inspected.out().contains("  hidden_size: 8"), inspected.out());
        assertTrue(inspected.out().matches("(?s).*model\\.embed_tokens\\.weight +F32 +\\(33, 8\\) +1\\.0 KiB.*"));
        assertEquals(0, Tiny.run("inspect " + Tiny.LLAMA + "/model.safetensors").status());

        Outcome gguf = Tiny.run("inspect ../src/test/resources/dev/lorikeet/model/llama-3/model.gguf");
        assertTrue(gguf.out().contains("model.gguf: GGUF"), gguf.out());
        assertTrue(gguf.out().contains("  general.architecture: llama"), gguf.out());
    }

    @Test
    void jsonHasItAllInFull() throws IOException {
        JsonObject json = JsonParser.parseString(
                        Tiny.run("inspect --json " + Tiny.LLAMA).out())
                .getAsJsonObject();
        assertEquals(2296, json.get("parameters").getAsLong());
        assertEquals(21, json.getAsJsonArray("tensors").size());
        assertEquals(8, json.getAsJsonObject("config").get("hidden_size").getAsInt());
        long bytes = json.getAsJsonArray("tensors").asList().stream()
                .mapToLong(tensor -> tensor.getAsJsonObject().get("bytes").getAsLong())
                .sum();
        assertEquals(json.get("bytes").getAsLong(), bytes);
    }

    @Test
    void whatIsNoneOfItIsNamed() throws IOException {
        Outcome missing = Tiny.run("inspect " + folder.resolve("none"));
        assertEquals(1, missing.status());
        assertTrue(missing.err().contains("there is no such file or folder"), missing.err());
        assertTrue(Tiny.run("inspect " + folder).err().contains("holds no model and no adapter"));
        Path page = Files.writeString(folder.resolve("model.gguf"), "<!doctype html>");
        assertTrue(Tiny.run("inspect " + page).err().contains("it is a web page"));
    }

    @Test
    void amountsAreReadable() {
        assertEquals("(9 values)", Amounts.shortened(new int[9]));
        assertEquals("[1, 2]", Amounts.shortened(new long[] {1, 2}));
        assertEquals("a\\nb", Amounts.shortened("a\nb"));
    }
}
