package dev.lorikeet.data.chat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.JsonValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a row of a data set says beside its messages. */
public final class ChatExtras {

    private static final String SYSTEM = "system";
    private static final String TOOLS = "tools";
    private static final String VARIABLES = "chat_template_kwargs";

    /** The system message, the functions that can be called, and variables of the template, as TRL and LLaMA-Factory have them. */
    public static final List<String> NAMES = List.of(SYSTEM, TOOLS, VARIABLES);

    private ChatExtras() {}

    /**
     * Adds what a row says to its messages.
     *
     * @param extras values by the names in {@link #NAMES}
     * @throws IllegalArgumentException if a value is of another kind
     */
    public static Conversation add(Conversation chat, Map<String, JsonElement> extras) {
        Map<String, Object> variables = new LinkedHashMap<>(chat.variables());
        JsonElement given = parsed(extras.get(VARIABLES), VARIABLES);
        if (given instanceof JsonObject object) {
            object.entrySet().forEach(entry -> variables.put(entry.getKey(), JsonValues.plain(entry.getValue())));
        } else if (!given.isJsonNull()) {
            throw unlike(VARIABLES, given, "a JSON object");
        }
        JsonElement tools = parsed(extras.get(TOOLS), TOOLS);
        if (tools instanceof JsonArray list) {
            if (list.size() > 0) {
                variables.put(TOOLS, JsonValues.plain(functions(list)));
            }
        } else if (!tools.isJsonNull()) {
            throw unlike(TOOLS, tools, "a JSON list of functions");
        }
        JsonElement system = extras.getOrDefault(SYSTEM, JsonNull.INSTANCE);
        Conversation all = chat.variables(variables);
        if (system.isJsonNull() || isText(system) && system.getAsString().isBlank()) {
            return all;
        } else if (!isText(system)) {
            throw unlike(SYSTEM, system, "a text");
        }
        return all.system(system.getAsString());
    }

    /** Parses a value that is a text of JSON, as tables hold it. */
    private static JsonElement parsed(JsonElement value, String name) {
        if (value == null
                || value.isJsonNull()
                || isText(value) && value.getAsString().isBlank()) {
            return JsonNull.INSTANCE;
        }
        try {
            return MessagesForm.withoutNulls(isText(value) ? Json.parse(value.getAsString()) : value);
        } catch (JsonParseException e) {
            throw unlike(name, value, "JSON");
        }
    }

    private static JsonArray functions(JsonArray tools) {
        JsonArray functions = new JsonArray();
        for (JsonElement tool : tools) {
            JsonElement function = parsed(tool, TOOLS);
            if (!function.isJsonObject()) {
                throw unlike(TOOLS, tool, "a JSON list of functions, each a JSON object");
            }
            functions.add(function);
        }
        return functions;
    }

    private static boolean isText(JsonElement value) {
        return value instanceof JsonPrimitive primitive && primitive.isString();
    }

    private static IllegalArgumentException unlike(String name, JsonElement value, String expected) {
        String shown = value.toString();
        return new IllegalArgumentException(name + " is " + (shown.length() > 40 ? shown.substring(0, 40) + "…" : shown)
                + "; expected " + expected);
    }
}
