package dev.lorikeet.text;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message of a chat.
 *
 * @param fields what it says beside its content, such as {@code tool_calls}, {@code name} or {@code reasoning_content}, for the
 *     chat template: null, Boolean, Long, Double, String, List or Map. The weight 0 in {@code weight} keeps an answer from
 *     being learned.
 */
public record Message(Role role, String content, Map<String, Object> fields) {

    /** The field that says whether an answer is learned: 0 or 1. */
    public static final String WEIGHT = "weight";

    public Message {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** Creates a message without other fields. */
    public Message(Role role, String content) {
        this(role, content, Map.of());
    }

    public static Message system(String content) {
        return new Message(Role.SYSTEM, content);
    }

    public static Message user(String content) {
        return new Message(Role.USER, content);
    }

    public static Message assistant(String content) {
        return new Message(Role.ASSISTANT, content);
    }

    /** Creates the result of a function that the assistant called. */
    public static Message tool(String content) {
        return new Message(Role.TOOL, content);
    }

    /** Sets a field, such as {@code with("tool_calls", List.of(Map.of("name", "clock", "arguments", Map.of())))}. */
    public Message with(String field, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(fields);
        changed.put(field, value);
        return new Message(role, content, changed);
    }

    /** Removes a field. */
    public Message without(String field) {
        Map<String, Object> changed = new LinkedHashMap<>(fields);
        changed.remove(field);
        return new Message(role, content, changed);
    }

    /** Whether an answer is learned; it is unless its weight is 0. */
    public boolean isLearned() {
        return !Long.valueOf(0).equals(fields.get(WEIGHT));
    }

    @Override
    public String toString() {
        return role.word() + ": " + content + (fields.isEmpty() ? "" : " " + fields);
    }
}
