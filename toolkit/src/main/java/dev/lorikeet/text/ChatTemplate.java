package dev.lorikeet.text;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.JsonValues;
import dev.lorikeet.text.RenderedChat.AnswerSpan;
import dev.lorikeet.text.jinja.Template;
import dev.lorikeet.text.jinja.value.Callable;
import dev.lorikeet.text.jinja.value.JinjaException;
import dev.lorikeet.text.jinja.value.TimeFormat;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The Jinja template by which a model writes a conversation, rendered as transformers renders it. Immutable; safe to share between
 * threads.
 */
public final class ChatTemplate {

    private static final String TOOLS = "tools";
    private static final String DOCUMENTS = "documents";

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
        variables.put(TOOLS, null);
        variables.put(DOCUMENTS, null);
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
     * Sets a variable that this model's template knows, such as {@code enable_thinking}, {@code date_string} or {@code tools}.
     *
     * @param value a text, a truth, a number, null, or a list or map of such values
     */
    public ChatTemplate with(String variable, Object value) {
        Map<String, Object> changed = new HashMap<>(variables);
        changed.put(variable, known(variable, value));
        return new ChatTemplate(source, origin, template, tokenizer, changed);
    }

    private static Object known(String variable, Object value) {
        boolean known = value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Number
                || value instanceof List
                || value instanceof Map;
        BadArgumentException.unless(
                known, variable, value, "a text, a truth, a number, null, or a list or map of such values");
        return value == null ? null : JsonValues.plain(JsonValues.tree(value));
    }

    /**
     * A conversation as one text, special tokens included.
     *
     * @param addGenerationPrompt whether the beginning of an answer follows, so that the model answers
     * @throws ChatTemplateException if the template refuses the conversation, because of the order of roles, say
     */
    public String render(List<Message> messages, boolean addGenerationPrompt) {
        String text = text(messages, addGenerationPrompt);
        checkWritten(messages, addGenerationPrompt, text);
        return text;
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
        long answers = messages.stream()
                .filter(message -> message.role() == Role.ASSISTANT)
                .count();
        return renderWithAnswers(messages, Collections.nCopies((int) answers, true));
    }

    /**
     * As {@link #renderWithAnswers(List)}, with some of the answers.
     *
     * @param learned for each message of the assistant whether its answer is one of {@link RenderedChat#answers}
     */
    public RenderedChat renderWithAnswers(List<Message> messages, List<Boolean> learned) {
        Template.Rendered whole = rendered(messages, false);
        checkWritten(messages, false, whole.text());
        List<AnswerSpan> marked = whole.generated().stream()
                .map(span -> new AnswerSpan(span.start(), span.end()))
                .toList();
        List<AnswerSpan> answers = marked.isEmpty() ? new AnswerFinder(this, messages, whole.text()).answers() : marked;
        if (!learned.contains(false)) {
            return new RenderedChat(whole.text(), answers);
        } else if (answers.size() != learned.size()) {
            throw error(
                    "it marks " + answers.size() + " parts in " + learned.size()
                            + " answers, so that one answer alone cannot be left out",
                    null);
        }
        return new RenderedChat(
                whole.text(),
                IntStream.range(0, answers.size())
                        .filter(learned::get)
                        .mapToObj(answers::get)
                        .toList());
    }

    /** Refuses what the template does not write: a model would learn the conversation without it. */
    private void checkWritten(List<Message> messages, boolean addGenerationPrompt, String text) {
        for (int turn = 0; turn < messages.size(); turn++) {
            for (String field : MessageFields.meaningful(messages.get(turn))) {
                List<Message> without = new ArrayList<>(messages);
                without.set(turn, messages.get(turn).without(field));
                if (writesAlike(text, this, without, addGenerationPrompt)) {
                    throw error(
                            "it does not write the field " + field + " of message " + turn + " ("
                                    + messages.get(turn).role().word() + "); take a model whose template does, or leave"
                                    + " the field out, with conversations.without(\"" + field + "\")",
                            null);
                }
            }
        }
        for (String name : List.of(TOOLS, DOCUMENTS)) {
            if (!MessageFields.isEmpty(variables.get(name))
                    && writesAlike(text, with(name, null), messages, addGenerationPrompt)) {
                throw error(
                        "it does not write the " + name + "; take a model whose template does, or leave them out,"
                                + " with conversations.without(\"" + name + "\")",
                        null);
            }
        }
    }

    /** Whether a template writes the same text for other messages; one that refuses them knows the difference. */
    private static boolean writesAlike(
            String text, ChatTemplate template, List<Message> messages, boolean addGenerationPrompt) {
        try {
            return text.equals(template.text(messages, addGenerationPrompt));
        } catch (ChatTemplateException e) {
            return false;
        }
    }

    /** Renders without looking whether all is written. */
    String text(List<Message> messages, boolean addGenerationPrompt) {
        return rendered(messages, addGenerationPrompt).text();
    }

    private Template.Rendered rendered(List<Message> messages, boolean addGenerationPrompt) {
        BadArgumentException.unless(!messages.isEmpty(), "messages", messages, "at least one");
        List<Message> parsed =
                messages.stream().map(MessageFields::withArguments).toList();
        try {
            return template.render(variables(parsed, addGenerationPrompt));
        } catch (JinjaException e) {
            // Some templates want the arguments of a call as text.
            return parsed.equals(messages) ? fail(e) : renderedAsGiven(messages, addGenerationPrompt);
        }
    }

    private Template.Rendered renderedAsGiven(List<Message> messages, boolean addGenerationPrompt) {
        try {
            return template.render(variables(messages, addGenerationPrompt));
        } catch (JinjaException e) {
            return fail(e);
        }
    }

    private Template.Rendered fail(JinjaException e) {
        throw error(e.getMessage(), e);
    }

    private Map<String, Object> variables(List<Message> messages, boolean addGenerationPrompt) {
        Map<String, Object> all = new HashMap<>(variables);
        all.put("messages", messages.stream().map(MessageFields::variable).toList());
        all.put("add_generation_prompt", addGenerationPrompt);
        return all;
    }

    ChatTemplateException error(String problem, Throwable cause) {
        return new ChatTemplateException(origin, problem, cause);
    }

    @Override
    public String toString() {
        return "chat template of " + origin;
    }
}
