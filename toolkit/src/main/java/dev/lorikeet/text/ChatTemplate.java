package dev.lorikeet.text;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.text.RenderedChat.AnswerSpan;
import dev.lorikeet.text.jinja.Callable;
import dev.lorikeet.text.jinja.JinjaException;
import dev.lorikeet.text.jinja.Template;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The Jinja template by which a model writes a conversation, rendered as transformers renders it. Immutable; safe to share between
 * threads.
 */
public final class ChatTemplate {

    private final String source;
    private final String origin;
    private final Template template;
    private final Tokenizer tokenizer;
    private final Map<String, Object> variables;

    private ChatTemplate(
            String source, String origin, Template template, Tokenizer tokenizer, Map<String, Object> variables) {
        this.source = source;
        this.origin = origin;
        this.template = template;
        this.tokenizer = tokenizer;
        this.variables = variables;
    }

    /**
     * A template of one's own, for a model that has none.
     *
     * @param jinja may use {@code messages}, {@code add_generation_prompt}, {@code bos_token} and {@code eos_token}
     * @throws ChatTemplateException if it cannot be read
     */
    public static ChatTemplate of(String jinja, Tokenizer tokenizer) {
        return of(jinja, "one's own", tokenizer);
    }

    static ChatTemplate of(String jinja, String origin, Tokenizer tokenizer) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("tools", null);
        variables.put("documents", null);
        put("bos_token", tokenizer.bos(), tokenizer, variables);
        put("eos_token", tokenizer.eos(), tokenizer, variables);
        put("pad_token", tokenizer.pad(), tokenizer, variables);
        variables.put("strftime_now", (Callable)
                given -> TimeFormat.formatted(LocalDateTime.now(), given.requiredText(0, "format")));
        try {
            return new ChatTemplate(jinja, origin, Template.of(jinja), tokenizer, variables);
        } catch (JinjaException e) {
            throw new ChatTemplateException(origin, e.getMessage(), e);
        }
    }

    private static void put(String name, OptionalInt id, Tokenizer tokenizer, Map<String, Object> variables) {
        id.ifPresent(present -> variables.put(name, tokenizer.token(present)));
    }

    /** The template itself. */
    public String source() {
        return source;
    }

    /**
     * Sets a variable that this model's template knows, such as {@code enable_thinking} or {@code date_string}.
     *
     * @param value text, truth, whole number or null
     */
    public ChatTemplate with(String variable, Object value) {
        boolean known = value == null || value instanceof String || value instanceof Boolean || value instanceof Number;
        BadArgumentException.unless(known, variable, value, "a text, a truth, a whole number or null");
        Map<String, Object> changed = new HashMap<>(variables);
        changed.put(variable, value instanceof Integer number ? (Object) number.longValue() : value);
        return new ChatTemplate(source, origin, template, tokenizer, changed);
    }

    /**
     * A conversation as one text, special tokens included.
     *
     * @param addGenerationPrompt whether the beginning of an answer follows, so that the model answers
     * @throws ChatTemplateException if the template refuses the conversation, because of the order of roles, say
     */
    public String render(List<Message> messages, boolean addGenerationPrompt) {
        return rendered(messages, addGenerationPrompt).text();
    }

    /**
     * As {@link #render}, as ids: special tokens are recognised, and where the model expects one to begin a text there is
     * exactly one.
     */
    public int[] encode(List<Message> messages, boolean addGenerationPrompt) {
        return tokenizer.encode(render(messages, addGenerationPrompt), true);
    }

    /**
     * A whole conversation, and where the assistant's answers are in it: what the template marks with {@code generation}, else
     * what follows the generation prompt, up to white space after the end of the turn.
     *
     * @throws ChatTemplateException if the template refuses the conversation, or writes earlier turns in another way once
     *     there are later ones, so that answers cannot be told from the rest
     */
    public RenderedChat renderWithAnswers(List<Message> messages) {
        Template.Rendered whole = rendered(messages, false);
        if (!whole.generated().isEmpty()) {
            return new RenderedChat(
                    whole.text(),
                    whole.generated().stream()
                            .map(span -> new AnswerSpan(span.start(), span.end()))
                            .toList());
        }
        List<AnswerSpan> answers = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).role() == Role.ASSISTANT) {
                answers.add(answer(messages, i, whole.text()));
            }
        }
        return new RenderedChat(whole.text(), answers);
    }

    private AnswerSpan answer(List<Message> messages, int turn, String whole) {
        String before = turn == 0 ? "" : render(messages.subList(0, turn), true);
        String after = turn + 1 == messages.size() ? whole : render(messages.subList(0, turn + 1), false);
        int start = common(before, whole);
        int end = common(after, whole);
        // A prompt may open more than the answer takes up, a place to think in, say; but never less than the turns
        // before.
        boolean told = start == before.length()
                || start >= render(messages.subList(0, turn), false).length();
        if (!told || end < after.stripTrailing().length()) {
            throw new ChatTemplateException(
                    origin,
                    "it writes message " + turn + " ("
                            + messages.get(turn).role().word()
                            + ") or those before it differently when others follow, so that its answers cannot be learned"
                            + " alone",
                    null);
        }
        while (end > start && Character.isWhitespace(whole.charAt(end - 1))) {
            end--;
        }
        return new AnswerSpan(start, end);
    }

    private static int common(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            if (one.charAt(i) != other.charAt(i)) {
                return i;
            }
        }
        return length;
    }

    private Template.Rendered rendered(List<Message> messages, boolean addGenerationPrompt) {
        BadArgumentException.unless(!messages.isEmpty(), "messages", messages, "at least one");
        Map<String, Object> all = new HashMap<>(variables);
        all.put("messages", messages.stream().map(ChatTemplate::variable).toList());
        all.put("add_generation_prompt", addGenerationPrompt);
        try {
            return template.render(all);
        } catch (JinjaException e) {
            throw new ChatTemplateException(origin, e.getMessage(), e);
        }
    }

    private static Map<String, Object> variable(Message message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", message.role().word());
        fields.put("content", message.content());
        return fields;
    }

    @Override
    public String toString() {
        return "chat template of " + origin;
    }
}
