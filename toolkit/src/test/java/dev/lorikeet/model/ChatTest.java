package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.generate.GenerationResult;
import dev.lorikeet.text.ChatTemplate;
import dev.lorikeet.text.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations with a model that says nothing sensible, but always the same. */
class ChatTest {

    private static final String FORM =
            "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";

    private static PretrainedModel model;

    @BeforeAll
    static void load() {
        model = TinyModels.randomLlama(3);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Chat chat() {
        return model.chat(ChatTemplate.of(FORM, model.tokenizer())).maxTokens(5);
    }

    private static String printed(Runnable call) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            call.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void eachAnswerFollowsAllThatWasSaid() {
        Chat chat = chat().system("Be brief.");
        GenerationResult first = chat.ask("Hello");
        assertEquals(
                model.generate("system: Be brief.\nuser: Hello\nassistant:", 5).text(), first.text());
        assertEquals("Hello\n", first.prompt());
        GenerationResult second = chat.ask("And?");
        String before = "system: Be brief.\nuser: Hello\nassistant: %s\nuser: And?\nassistant:".formatted(first.text());
        assertEquals(model.generate(before, 5).text(), second.text());
        assertEquals(
                List.of(
                        Message.system("Be brief."),
                        Message.user("Hello"),
                        Message.assistant(first.text()),
                        Message.user("And?"),
                        Message.assistant(second.text())),
                chat.messages());
        assertEquals(first.text(), chat.clear().ask("Hello").text());
        chat.clear().system("Be long.");
        assertEquals(List.of(Message.system("Be long.")), chat.messages());
        assertEquals("system: Be long.", chat.toString());
        assertTrue(chat.html().contains("<b>system</b> Be long."), chat.html());
    }

    @Test
    void anAnswerIsPrintedWithAMarkWhereALimitCutIt() {
        Chat chat = chat();
        String out = printed(() -> chat.say("Hello"));
        String answer = chat.messages().get(1).content();
        assertEquals(
                answer + " […]\nstopped at the limit of 5 tokens; chat.maxTokens(…) sets another", out.stripTrailing());
        // A model that stops by itself gets no mark.
        int first = model.generate(
                        model.tokenizer().encode("user: Hello\nassistant:", true), GenerationConfig.greedy(1))[0];
        String stop = model.tokenizer().token(first);
        Chat stopped = chat().settings(GenerationConfig.greedy(5).stopAt(stop));
        assertEquals("", printed(() -> stopped.say("Hello")).strip());
        assertFalse(stopped.ask("Hello").html().isEmpty());
    }

    @Test
    void resultsSayWhereALimitCut() {
        GenerationResult cut = model.generate("Hello", 3);
        assertTrue(cut.isCut());
        assertTrue(cut.html().contains(" […]"), cut.html());
        assertTrue(cut.details().endsWith(", stopped at the limit of 3 tokens"), cut.details());
        GenerationResult ended = new GenerationResult("a", "b", new int[] {1}, GenerationResult.Stop.STOP_TOKEN, 1, 1);
        assertFalse(
                ended.isCut() || ended.html().contains("[…]") || ended.details().contains("stopped"));
    }

    @Test
    void whatFailsLeavesTheConversation() {
        Chat chat = chat();
        chat.ask("Hello");
        List<Message> before = chat.messages();
        String message = assertThrows(BadArgumentException.class, () -> chat.ask("word ".repeat(60)))
                .getMessage();
        assertTrue(message.contains("fewer than 64 tokens") && message.contains("clear()"), message);
        assertThrows(BadArgumentException.class, () -> chat.say(" "));
        Thread.currentThread().interrupt();
        assertThrows(StoppedException.class, () -> printed(() -> chat.say("More")));
        assertEquals(before, chat.messages());
        assertThrows(LorikeetException.class, () -> model.chat(), "GPT-2's tokenizer has no template");
    }

    @Test
    void theModelsOwnSettingsAreTheDefault(@TempDir Path home) throws IOException {
        assertEquals(GenerationConfig.greedy(256), model.generationConfig());
        Path folder = home.resolve("model");
        try (PretrainedModel saved = TinyModels.load("tiny-llama")) {
            saved.save(folder);
        }
        Path file = folder.resolve("generation_config.json");
        try (PretrainedModel read = Models.load(folder)) {
            Files.writeString(
                    file, "{\"do_sample\": true, \"temperature\": 0.6, \"top_p\": 0.9, \"max_new_tokens\": 40}");
            GenerationConfig expected =
                    GenerationConfig.sampled(40).temperature(0.6).topP(0.9).topK(50);
            assertEquals(expected, read.generationConfig());
            Files.writeString(file, "{\"temperature\": 0.6, \"repetition_penalty\": 1.1, \"top_k\": null}");
            assertEquals(GenerationConfig.greedy(256).repetitionPenalty(1.1), read.generationConfig());
            Files.writeString(file, "{\"repetition_penalty\": -1}");
            assertThrows(BadFileException.class, read::generationConfig);
        }
    }
}
