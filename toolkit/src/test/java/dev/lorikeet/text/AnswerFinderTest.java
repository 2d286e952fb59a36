package dev.lorikeet.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the answers are in what a template writes, and fields of messages in it. */
class AnswerFinderTest {

    private static final Tokenizer GPT2 = Tokenizers.gpt2();

    private static final String PLAIN = "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %}"
            + "{% if add_generation_prompt %}<|assistant|>\n{% endif %}";

    private static final String CALLS = "{% for m in messages %}[{{ m.role }}]{% if m.tool_calls %}"
            + "{% for c in m.tool_calls %}{{ (c.function or c) | tojson }}{% endfor %}{% endif %}{{ m.content }}[end]"
            + "{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}";

    private static List<String> answers(String jinja, Message... messages) {
        RenderedChat chat = ChatTemplate.of(jinja, GPT2).renderWithAnswers(List.of(messages));
        return chat.answers().stream()
                .map(span -> chat.text().substring(span.start(), span.end()))
                .toList();
    }

    @Test
    void theAssistantMaySpeakFirst() {
        String greeting = "{% if messages[0].role != 'system' %}<|system|>\nBe kind.<|end|>\n{% endif %}" + PLAIN;
        Message[] chat = {
            Message.assistant("Welcome!"), Message.user("Hi"), Message.assistant("Hi"), Message.user("Bye")
        };
        assertEquals(List.of("Welcome!<|end|>", "Hi<|end|>"), answers(PLAIN, chat));
        assertEquals(List.of("Welcome!<|end|>", "Hi<|end|>"), answers(greeting, chat));
        assertEquals(
                List.of("Welcome!<|end|>", "Oh<|end|>"),
                answers(
                        PLAIN,
                        Message.system("Be kind."),
                        Message.assistant("Welcome!"),
                        Message.user("Hi"),
                        Message.assistant("Oh")));
    }

    @Test
    void aTemplateMayEndTheWholeChat() {
        String ending = PLAIN.replace("{% endif %}", "{% else %}{{ eos_token }}{% endif %}");
        assertEquals(
                List.of("Kea.<|end|>", "Yes.<|end|>\n<|endoftext|>"),
                answers(
                        ending,
                        Message.user("Which?"),
                        Message.assistant("Kea."),
                        Message.user("Sure?"),
                        Message.assistant("Yes.")));
        assertEquals(
                List.of("Kea.<|end|>"),
                answers(ending, Message.user("Which?"), Message.assistant("Kea."), Message.user("Sure?")));
    }

    @Test
    void twoAnswersInARowAreTwoAnswers() {
        assertEquals(
                List.of("a<|end|>", "a<|end|>"),
                answers(PLAIN, Message.user("Hi"), Message.assistant("a"), Message.assistant("a")));
    }

    @Test
    void callsOfToolsAreLearned() {
        Map<String, Object> call = Map.of("function", Map.of("name", "clock", "arguments", "{\"zone\": \"UTC\"}"));
        Message calling = Message.assistant("").with("tool_calls", List.of(call));
        List<String> answers =
                answers(CALLS, Message.user("When?"), calling, Message.tool("noon"), Message.assistant("At noon."));
        assertTrue(answers.get(0).contains("\"arguments\": {\"zone\": \"UTC\"}"), "an object, not a text: " + answers);
        assertTrue(answers.get(0).endsWith("[end]"));
        assertEquals("At noon.[end]", answers.get(1));
        String wantsText = CALLS.replace("(c.function or c) | tojson", "c.function.name + c.function.arguments");
        assertEquals(
                "clock{\"zone\": \"UTC\"}[end]",
                answers(wantsText, Message.user("When?"), calling).get(0));
        String refusal = assertThrows(ChatTemplateException.class, () -> answers(PLAIN, Message.user("When?"), calling))
                .getMessage();
        assertTrue(refusal.contains("the field tool_calls"), refusal);
    }

    @Test
    void toolsOfATemplateAreValues() {
        String jinja = "{% if tools %}{{ tools | tojson }}{% endif %}" + PLAIN;
        String text = ChatTemplate.of(jinja, GPT2)
                .with("tools", List.of(Map.of("name", "clock")))
                .render(List.of(Message.user("Hi")), false);
        assertTrue(text.startsWith("[{\"name\": \"clock\"}]<|user|>"), text);
    }

    @Test
    void aPlaceToThinkMayBeInTheLastTurnAlone() {
        String thinking =
                "{% for m in messages %}<|{{ m.role }}|>{% if loop.last and m.role == 'assistant' %}<think>\n\n</think>\n\n"
                        + "{% endif %}{{ m.content }}{% if m.tool_calls %}<tool>{{ m.tool_calls | tojson }}</tool>{% endif %}<|end|>"
                        + "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";
        Message calling = Message.assistant("").with("tool_calls", List.of(Map.of("name", "clock")));
        assertEquals(
                List.of("b<|end|>", "<tool>[{\"name\": \"clock\"}]</tool><|end|>", "<think>\n\n</think>\n\nd<|end|>"),
                answers(
                        thinking,
                        Message.user("a"),
                        Message.assistant("b"),
                        Message.user("c"),
                        calling,
                        Message.tool("1"),
                        Message.assistant("d")));
    }

    @Test
    void anAnswerBeginsWithAWholeWord() {
        String prompting = PLAIN.replace("<|assistant|>\n{% endif %}", "<|assistant|>\nHere are my steps:{% endif %}");
        assertEquals(
                List.of("Hello.<|end|>", "Hehe<|end|>"),
                answers(
                        prompting,
                        Message.user("Hi"),
                        Message.assistant("Hello."),
                        Message.user("Hi"),
                        Message.assistant("Hehe")));
    }

    @Test
    void aFieldThatIsWrittenInTheLastTurnAloneIsRefused() {
        String forgetful =
                PLAIN.replace("{{ m.content }}", "{% if loop.last %}{{ m.thinking }}{% endif %}{{ m.content }}");
        Message first = Message.assistant("b").with("thinking", "Hm.");
        Message last = Message.assistant("d").with("thinking", "So.");
        assertEquals(List.of("So.d<|end|>"), answers(forgetful, Message.user("c"), last));
        String refusal = assertThrows(
                        ChatTemplateException.class,
                        () -> answers(forgetful, Message.user("a"), first, Message.user("c"), last))
                .getMessage();
        assertTrue(refusal.contains("the field thinking of message 1 (assistant)"), refusal);
    }

    @Test
    void aTemplateThatRefusesAConversationWithoutAFieldWritesIt() {
        String strict = CALLS.replace(
                "{% for m in messages %}",
                "{% for m in messages %}{% if m.role == 'tool' and not messages[loop.index0 - 1].tool_calls %}"
                        + "{{ raise_exception('no call') }}{% endif %}");
        Message calling = Message.assistant("").with("tool_calls", List.of(Map.of("name", "clock")));
        assertEquals(
                2,
                answers(strict, Message.user("When?"), calling, Message.tool("1"), Message.assistant("At 1."))
                        .size());
    }
}
