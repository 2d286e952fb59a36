package dev.lorikeet.text;

import com.google.gson.JsonParseException;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.JsonValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fields of a message beside its content, as chat templates know them. */
final class MessageFields {

    private static final String TOOL_CALLS = "tool_calls";
    private static final String ARGUMENTS = "arguments";

    /** Fields that change what a message says. A model that does not read them would learn something else. */
    private static final Set<String> MEANINGFUL = Set.of(
            TOOL_CALLS,
            "function_call",
            "tool_plan",
            "name",
            "tool_call_id",
            "reasoning_content",
            "reasoning",
            "thinking",
            "refusal",
            "images",
            "audio",
            "citations",
            "documents",
            "tools");

    /** They tell which call a result belongs to; its place after the call tells it too. */
    private static final Set<String> OF_RESULTS = Set.of("name", "tool_call_id");

    private MessageFields() {}

    /** Lists the fields that a template must write. */
    static List<String> meaningful(Message message) {
        return message.fields().keySet().stream()
                .filter(MEANINGFUL::contains)
                .filter(name -> message.role() != Role.TOOL || !OF_RESULTS.contains(name))
                .filter(name -> !isEmpty(message.fields().get(name)))
                .toList();
    }

    static boolean isEmpty(Object value) {
        return value == null
                || value instanceof String text && text.isEmpty()
                || value instanceof List<?> list && list.isEmpty()
                || value instanceof Map<?, ?> map && map.isEmpty();
    }

    /** Returns a message as a template's variable. */
    static Map<String, Object> variable(Message message) {
        Map<String, Object> variable = new LinkedHashMap<>();
        variable.put("role", message.role().word());
        variable.put("content", message.content());
        message.fields().forEach((name, value) -> {
            if (value != null && !Message.WEIGHT.equals(name)) {
                variable.put(name, value);
            }
        });
        return variable;
    }

    /**
     * Returns a message whose calls have their arguments as objects. OpenAI writes them as a text of JSON; most templates write
     * an object as JSON, and would write such a text as JSON within JSON.
     */
    static Message withArguments(Message message) {
        return message.fields().get(TOOL_CALLS) instanceof List<?> calls
                ? message.with(
                        TOOL_CALLS, calls.stream().map(MessageFields::parsed).toList())
                : message;
    }

    private static Object parsed(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<Object, Object> changed = new LinkedHashMap<>(map);
        changed.computeIfPresent("function", (key, function) -> parsed(function));
        changed.computeIfPresent(
                ARGUMENTS, (key, arguments) -> arguments instanceof String text ? object(text) : arguments);
        return changed;
    }

    private static Object object(String text) {
        try {
            Object value = JsonValues.plain(Json.parse(text));
            return value instanceof Map ? value : text;
        } catch (JsonParseException e) {
            return text;
        }
    }
}
