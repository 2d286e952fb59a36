package dev.lorikeet.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lorikeet.TestData;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Chat templates, against what transformers makes of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatTemplateTest {

    private static final JsonObject EXPECTED =
            JsonParser.parseString(resource("chat/expected.json")).getAsJsonObject();

    private Tokenizer tokenizer;

    @TempDir
    Path folder;

    @BeforeAll
    void load() {
        tokenizer = SentencePieceTest.model("bpe-bytes");
    }

    @AfterAll
    void close() {
        tokenizer.close();
    }

    static String resource(String name) {
        try (InputStream in = ChatTemplateTest.class.getResourceAsStream("/dev/lorikeet/text/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<String> templates() {
        return EXPECTED.getAsJsonObject("expected").keySet().stream();
    }

    private ChatTemplate template(String name) {
        return ChatTemplate.of(resource("chat/" + name), name, tokenizer);
    }

    private static List<Message> chat(int number) {
        List<Message> messages = new ArrayList<>();
        for (JsonElement message : EXPECTED.getAsJsonArray("chats").get(number).getAsJsonArray()) {
            JsonObject fields = message.getAsJsonObject();
            messages.add(new Message(
                    Role.of(fields.get("role").getAsString()),
                    fields.get("content").getAsString()));
        }
        return messages;
    }

    @ParameterizedTest
    @MethodSource("templates")
    void textsAreThoseOfTransformers(String name) {
        ChatTemplate template = template(name);
        JsonArray cases = EXPECTED.getAsJsonObject("expected").getAsJsonArray(name);
        assertEquals(14, cases.size());
        for (JsonElement element : cases) {
            JsonObject expected = element.getAsJsonObject();
            List<Message> messages = chat(expected.get("chat").getAsInt());
            boolean prompt = expected.get("prompt").getAsBoolean();
            if (expected.has("error")) {
                String message = assertThrows(ChatTemplateException.class, () -> template.render(messages, prompt))
                        .getMessage();
                assertTrue(message.contains(name), message);
                assertTrue(message.endsWith(expected.get("error").getAsString()), message + " for " + expected);
            } else {
                assertEquals(
                        expected.get("text").getAsString(), template.render(messages, prompt), expected.toString());
            }
        }
    }

    @Test
    void theDefaultModelWritesChatsByItsOwnTemplate() {
        try (Tokenizer smollm2 = TokenIdsTest.smollm2FromGguf()) {
            List<Message> messages = List.of(Message.system("Be brief."), Message.user("Hi"));
            String text =
                    "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n";
            assertEquals(text, smollm2.chat().render(messages, true));
            int[] ids = smollm2.chat().encode(messages, true);
            assertEquals(1, ids[0], "<|im_start|> is one token");
            assertEquals(text, smollm2.decode(ids));
            assertTrue(
                    smollm2.chat().render(messages.subList(1, 2), false).contains("SmolLM"), "its own system message");
        }
    }

    @Test
    void aBeginTokenIsNeverDoubled() {
        ChatTemplate writesIt = template("mistral-form.jinja");
        ChatTemplate doesNot = template("zephyr-form.jinja");
        int bos = tokenizer.bos().orElseThrow();
        for (ChatTemplate template : List.of(writesIt, doesNot)) {
            int[] ids = template.encode(chat(0), true);
            assertEquals(bos, ids[0]);
            assertTrue(ids[1] != bos);
        }
    }

    @Test
    void answersAreWhatFollowsTheGenerationPrompt() {
        List<Message> messages = chat(2);
        RenderedChat zephyr = template("zephyr-form.jinja").renderWithAnswers(messages);
        assertEquals(List.of("False</s>", "0</s>"), answers(zephyr));
        assertEquals(
                List.of(" False </s>", " 0 </s>"),
                answers(template("llama2-form.jinja").renderWithAnswers(messages)));
        assertEquals(
                List.of("False<|im_end|>", "0<|im_end|>"),
                answers(template("chatml-form.jinja").renderWithAnswers(messages)));
        assertEquals(
                List.of("False</s>\n", "0</s>\n"),
                answers(template("generation-form.jinja").renderWithAnswers(messages)));
    }

    private static List<String> answers(RenderedChat chat) {
        return chat.answers().stream()
                .map(part -> chat.text().substring(part.start(), part.end()))
                .toList();
    }

    @Test
    void aTemplateThatForgetsEarlierThoughtsCannotTellAnswers() {
        List<Message> messages = List.of(
                Message.user("1"),
                Message.assistant("<think>\nhm\n</think>\n\nOne"),
                Message.user("2"),
                Message.assistant("Two"));
        String message = assertThrows(ChatTemplateException.class, () -> template("thinking-form.jinja")
                        .renderWithAnswers(messages))
                .getMessage();
        assertTrue(message.contains("thinking-form.jinja") && message.contains("message 1 (assistant)"), message);
    }

    @Test
    void variablesOfTheTemplateCanBeSet() {
        ChatTemplate thinking = template("thinking-form.jinja");
        assertTrue(thinking.with("enable_thinking", false).render(chat(0), true).endsWith("<think>\n\n</think>\n\n"));
        assertFalse(thinking.render(chat(0), true).contains("think"));
        ChatTemplate dated = template("llama3-form.jinja");
        assertTrue(dated.with("date_string", "today").render(chat(0), false).contains("Date: today\n"));
        String today = java.time.LocalDate.now()
                .format(java.time.format.DateTimeFormatter.ofPattern("dd MMMM yyyy", java.util.Locale.ENGLISH));
        assertTrue(dated.with("now", true).render(chat(0), false).contains("Date: " + today + "\n"));
    }

    @Test
    void damagedTemplatesAreNamedWithTheLine() {
        Map<String, String> damages = Map.of(
                "{% for m in messages %}", "ends before",
                "a\n{{ messages | shine }}", "line 2: there is no filter \"shine\"",
                "{{ messages[0 }}", "expected",
                "{{ 'open }}", "never closed",
                "{% include 'x' %}", "\"include\" is not supported",
                "{% if messages is shiny %}{% endif %}", "no test \"shiny\"",
                "{{ a b }}", "expected");
        damages.forEach((source, problem) -> {
            String message = assertThrows(ChatTemplateException.class, () -> ChatTemplate.of(source, tokenizer))
                    .getMessage();
            assertTrue(message.contains(problem) && message.contains("line "), message);
        });
        Map<String, String> failures = Map.of(
                "\n{{ nothing.at.all }}", "line 2: nothing is undefined",
                "{{ 1 + 'a' }}", "a number + a string",
                "{{ messages.nothing() }}", "nothing is undefined",
                "{{ 1 // 0 }}", "division by zero",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "without an end",
                "{{ 'abc' * 1000000000 }}", "too long",
                "{{ range(100000000) | list }}", "not allowed");
        failures.forEach((source, problem) -> {
            String message = assertThrows(ChatTemplateException.class, () -> ChatTemplate.of(source, tokenizer)
                            .render(chat(0), true))
                    .getMessage();
            assertTrue(message.contains(problem), message);
        });
    }

    @Test
    void templatesAreFoundInTheModelsFiles() throws IOException {
        Files.write(folder.resolve("tokenizer.model"), SentencePieceTest.bytes("bpe-bytes"));
        String none = assertThrows(LorikeetException.class, () -> chatOfFolder("default"))
                .getMessage();
        assertTrue(none.contains(folder.toString()) && none.contains("ChatTemplate.of"), none);
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(config, "{\"chat_template\": \"one {{ eos_token }}\"}");
        assertEquals("one </s>", chatOfFolder("default"));
        Files.writeString(
                config,
                "{\"chat_template\": [{\"name\": \"default\", \"template\": \"d\"}, {\"name\": \"rag\", \"template\": \"r\"}]}");
        assertEquals("d", chatOfFolder("default"));
        assertEquals("r", chatOfFolder("rag"));
        assertTrue(assertThrows(UnknownNameException.class, () -> chatOfFolder("rug"))
                .getMessage()
                .contains("rag"));
        Files.writeString(folder.resolve("chat_template.jinja"), "own\n");
        assertEquals("own", chatOfFolder("default"));
        Files.writeString(config, "{\"chat_template\": {\"a\": 1}}");
        assertThrows(BadFileException.class, () -> chatOfFolder("default"));

        Map<String, Object> metadata = new HashMap<>(SentencePieceTest.metadata(SentencePieceTest.file("bpe-bytes")));
        metadata.put("tokenizer.chat_template", "{{ messages[0].content }}{% if");
        metadata.put("tokenizer.chat_template.tool_use", "t");
        try (Tokenizer gguf = Tokenizers.fromGguf(metadata, Path.of("model.gguf"))) {
            assertEquals("t", gguf.chat("tool_use").render(chat(0), false));
            assertTrue(assertThrows(ChatTemplateException.class, gguf::chat)
                    .getMessage()
                    .contains("model.gguf"));
        }
    }

    private String chatOfFolder(String name) {
        try (Tokenizer loaded = Tokenizers.fromFolder(folder)) {
            return loaded.chat(name).render(chat(0), false);
        }
    }

    @Test
    void rolesAreNamed() {
        assertEquals(Role.ASSISTANT, Role.of("gpt"));
        assertEquals(Role.USER, Role.of("Human"));
        assertTrue(assertThrows(UnknownNameException.class, () -> Role.of("asistant"))
                .getMessage()
                .contains("assistant"));
        assertArrayEquals(
                new String[] {"system", "user", "assistant", "tool"},
                Stream.of(Role.values()).map(Role::word).toArray());
    }

    /** Every row of the walkthrough's data set is what the Llama-2 form makes of its messages. */
    @Test
    void guanacoIsInTheLlama2Form() throws IOException {
        ChatTemplate llama2 = template("llama2-form.jinja");
        String row =
                Files.readAllLines(TestData.data("guanaco-llama2-1k.jsonl")).get(0);
        String text = JsonParser.parseString(row).getAsJsonObject().get("text").getAsString();
        int asked = text.indexOf(" [/INST] ");
        List<Message> messages = List.of(
                Message.user(text.substring("<s>[INST] ".length(), asked)),
                Message.assistant(text.substring(asked + " [/INST] ".length(), text.length() - " </s>".length())));
        assertEquals(text, llama2.render(messages, false));
    }
}
