package dev.lorikeet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lorikeet.cli.Tiny.Outcome;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {

    private static final String MODEL = " --precision float32 --model " + Tiny.LLAMA;
    private static final String TRAIN = "train" + MODEL + " --rank 2 --batch 4 --lr 1e-2 ";

    @TempDir
    Path folder;

    private Outcome train(Path data, String options) {
        return Tiny.run(TRAIN + "--data " + data + " --out " + folder.resolve("adapter") + " " + options);
    }

    private static Outcome generate(String options) {
        return Tiny.run("generate --max-tokens 12 --precision float32 " + options, "--prompt", "the cat sat");
    }

    private Path written(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void aTextIsLearnedMergedAndContinued() throws IOException {
        Outcome trained = train(Tiny.text(folder.resolve("a.txt"), 40), "--epochs 8 --alpha 8 --evaluate-every 20");
        assertEquals(0, trained.status(), trained.err());
        assertTrue(trained.out().contains("validation loss"), trained.out());
        assertTrue(trained.out().contains("Test: loss"), trained.out());
        String adapter = folder.resolve("adapter").toString();
        JsonObject config = JsonParser.parseString(Files.readString(Path.of(adapter, "adapter_config.json")))
                .getAsJsonObject();
        assertEquals(2, config.get("r").getAsInt());
        assertEquals(8, config.get("lora_alpha").getAsInt());

        String adapted =
                generate("--model " + Tiny.LLAMA + " --adapter " + adapter).out();
        assertTrue(adapted.startsWith(" on the"), adapted);
        assertNotEquals(generate("--model " + Tiny.LLAMA).out(), adapted);
        String merge = "merge --model " + Tiny.LLAMA + " --adapter " + adapter + " --type f32 ";
        for (String[] target : List.of(
                new String[] {"--out", folder.resolve("merged").toString()},
                new String[] {"--gguf", folder.resolve("merged.gguf").toString()})) {
            Outcome merged = Tiny.run(merge + String.join(" ", target));
            assertEquals(0, merged.status(), merged.err());
            assertTrue(merged.out().startsWith(target[1] + ": "), merged.out());
            assertEquals(adapted, generate("--model " + target[1]).out());
        }
    }

    @Test
    void labelsAreLearnedAndGiven() {
        Path data = Tiny.labelled(folder.resolve("a.tsv"), 80);
        Outcome trained =
                train(data, "--columns label,text --label-column label --epochs 6 --targets q_proj,v_proj --balanced");
        assertEquals(0, trained.status(), trained.err());
        assertTrue(trained.out().contains("Test: accuracy 100.00 %"), trained.out());
        Outcome classified =
                Tiny.run("classify" + MODEL + " --adapter " + folder.resolve("adapter"), "a bird", "z fish swims");
        assertEquals(0, classified.status(), classified.err());
        List<String> lines = classified.out().lines().toList();
        assertTrue(lines.get(0).startsWith("up (") && lines.get(1).startsWith("down ("), classified.out());

        String classify = "classify" + MODEL + " --adapter " + folder.resolve("adapter") + " --data " + data;
        Outcome file = Tiny.run(classify + " --columns label,text");
        assertEquals(0, file.status(), file.err());
        assertEquals(80, file.out().lines().count(), file.out());
        assertTrue(file.out().lines().skip(1).findFirst().orElseThrow().startsWith("down ("), file.out());
        Outcome unknown = Tiny.run(classify + " --columns label,txt");
        assertEquals(1, unknown.status());
        assertTrue(unknown.err().contains("There is no column \"text\". Did you mean \"txt\"?"), unknown.err());
        assertEquals(2, Tiny.run(classify, "a bird").status());

        String merge = "merge --model " + Tiny.LLAMA + " --adapter " + folder.resolve("adapter") + " --type f32 ";
        assertEquals(2, Tiny.run(merge + "--gguf " + folder.resolve("a.gguf")).status());
        Outcome merged = Tiny.run(merge + "--out " + folder.resolve("merged"));
        assertEquals(0, merged.status(), merged.err());
        try (Classifier whole = Models.classifier(folder.resolve("merged"))) {
            assertEquals("up", whole.classify("a bird").label());
            assertEquals("down", whole.classify("z fish swims").label());
        }
    }

    @Test
    void columnsAreCheckedBeforeAModelIsLoaded() {
        Path data = Tiny.labelled(folder.resolve("a.tsv"), 20);
        String command =
                "train --model nowhere --out " + folder.resolve("adapter") + " --columns label,text --data " + data;
        for (String options : List.of(" --label-column lable", " --text-column txt")) {
            Outcome outcome = Tiny.run(command + options);
            assertEquals(1, outcome.status());
            assertTrue(outcome.err().contains("There is no column"), outcome.err());
        }
    }

    @Test
    void theTableOfLossesEndsWithTheLastStep() {
        Outcome trained = train(Tiny.text(folder.resolve("a.txt"), 40), "--steps 21 --evaluate-every 0");
        assertEquals(0, trained.status(), trained.err());
        assertTrue(trained.out().matches("(?s).*\\n +20 +\\|[^\\n]*\\n +21 +\\|.*"), trained.out());
    }

    @Test
    void conversationsAreKnownByTheirColumn() throws IOException {
        Path chatting = Tiny.chatting(Files.createDirectory(folder.resolve("model")));
        String row =
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"bc\"}]}\n";
        Path data = written("chats.jsonl", row.repeat(12));
        String command = "train --precision float32 --steps 2 --data " + data + " --out " + folder.resolve("adapter")
                + " --completion-only --model ";
        Outcome trained = Tiny.run(command + chatting);
        assertEquals(0, trained.status(), trained.err());
        Outcome untold = Tiny.run(command + Tiny.LLAMA);
        assertEquals(1, untold.status());
        assertTrue(untold.err().contains("chat template"), untold.err());
    }

    @Test
    void promptsAndInstructionsAreKnownByTheirColumns() throws IOException {
        Path pairs = written("pairs.csv", "prompt,completion\n" + "the cat,sat\n".repeat(12));
        Outcome trained = train(pairs, "--steps 2 --completion-only");
        assertEquals(0, trained.status(), trained.err());
        Path texts = written("texts.csv", "text\n" + "the cat\n".repeat(12));
        Outcome refused = train(texts, "--completion-only");
        assertEquals(1, refused.status());
        assertTrue(refused.err().contains("without prompts"), refused.err());
    }

    @Test
    void aRunGoesOnFromItsCheckpoints() {
        Path data = Tiny.text(folder.resolve("a.txt"), 40);
        String kept = "--save-every 3 --checkpoints " + folder.resolve("kept");
        assertEquals(0, train(data, "--steps 4 " + kept).status());
        Outcome again = train(data, "--steps 7 " + kept);
        assertEquals(1, again.status());
        assertTrue(again.err().contains("without checkpoints for a new run"), again.err());
        Outcome resumed = train(data, "--steps 7 --resume " + kept);
        assertEquals(0, resumed.status(), resumed.err());
        assertTrue(Files.isDirectory(folder.resolve("kept/checkpoint-7")));
        Outcome nowhere = train(data, "--resume");
        assertEquals(2, nowhere.status());
        assertTrue(nowhere.err().contains("--checkpoints"), nowhere.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--label-column text --packed | 2 | are for language models, not for --label-column",
                "--balanced | 2 | --balanced goes with --label-column",
                "--text-column txt | 1 | There is no column \"txt\". Did you mean \"text\"?",
                "--targets q_prj | 1 | There is no target module \"q_prj\". Did you mean \"q_proj\"?",
                "--dropout 1 | 1 | dropout is 1.0; expected at least 0 and less than 1",
                "--test 0.7 --validation 0.5 | 1 | expected shares that leave something to train on",
                "--length 99 | 1 | length is 99; expected 2 to 24 tokens, the context of",
            })
    void whatIsWrongIsNamed(String options, int status, String problem) {
        Outcome outcome = train(Tiny.text(folder.resolve("a.txt"), 20), options);
        assertEquals(status, outcome.status(), outcome.err());
        assertTrue(outcome.err().contains(problem), outcome.err());
        assertFalse(Files.exists(folder.resolve("adapter")));
    }
}
