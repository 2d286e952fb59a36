package dev.lorikeet.data.chat;

import dev.lorikeet.text.ChatTemplate;
import dev.lorikeet.text.Message;
import dev.lorikeet.text.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A conversation of a data set.
 *
 * @param messages in their order
 * @param prompt number of messages that are the prompt; answers in it are not learned
 * @param variables values for the chat template beside the messages, such as {@code tools}
 */
public record Conversation(List<Message> messages, int prompt, Map<String, Object> variables) {

    public Conversation {
        messages = List.copyOf(messages);
    }

    public static Conversation of(List<Message> messages) {
        return new Conversation(messages, 0, Map.of());
    }

    /** Joins the messages of a prompt and of its completion. */
    public static Conversation of(Conversation prompt, Conversation completion) {
        return new Conversation(
                Stream.of(prompt, completion)
                        .flatMap(part -> part.messages().stream())
                        .toList(),
                prompt.messages().size(),
                prompt.variables());
    }

    Conversation variables(Map<String, Object> changed) {
        return new Conversation(messages, prompt, changed);
    }

    /** Puts a system message before the others, unless there is one. */
    public Conversation system(String content) {
        return messages.get(0).role() == Role.SYSTEM
                ? this
                : new Conversation(
                        Stream.concat(Stream.of(Message.system(content)), messages.stream())
                                .toList(),
                        prompt == 0 ? 0 : prompt + 1,
                        variables);
    }

    Conversation map(UnaryOperator<Message> change) {
        return new Conversation(messages.stream().map(change).toList(), prompt, variables);
    }

    /** Removes fields from the messages, and variables of the same names. */
    public Conversation without(String... fields) {
        Map<String, Object> kept = new LinkedHashMap<>(variables);
        kept.keySet().removeAll(List.of(fields));
        UnaryOperator<Message> change = message -> {
            Message changed = message;
            for (String field : fields) {
                changed = changed.without(field);
            }
            return changed;
        };
        return map(change).variables(kept);
    }

    /** Whether a message says which answers are learned. */
    public boolean hasWeights() {
        return messages.stream().anyMatch(message -> message.fields().containsKey(Message.WEIGHT));
    }

    /** Returns for each answer whether it is learned. */
    public List<Boolean> learnedAnswers() {
        List<Boolean> learned = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).role() == Role.ASSISTANT) {
                learned.add(i >= prompt && messages.get(i).isLearned());
            }
        }
        return learned;
    }

    /** Sets the variables of this conversation in a template. */
    public ChatTemplate in(ChatTemplate template) {
        ChatTemplate changed = template;
        for (Map.Entry<String, Object> variable : variables.entrySet()) {
            changed = changed.with(variable.getKey(), variable.getValue());
        }
        return changed;
    }
}
