package dev.lorikeet.data.chat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.JsonValues;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.text.Message;
import dev.lorikeet.text.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The JSON format of messages with roles. */
public final class MessagesForm {

    private static final String[] LISTS = {"messages", "conversations", "conversation"};
    private static final String[] ROLES = {"role", "from"};
    private static final String[] CONTENTS = {"content", "value"};
    private static final Set<String> KNOWN = Set.of("role", "from", "content", "value");

    /** The role of a call in ShareGPT's form: its text is the JSON of the call. */
    private static final String CALL = "function_call";

    private static final String TOOL_CALLS = "tool_calls";

    private MessagesForm() {}

    /** Whether a text is a JSON list of messages, or an object that has one. */
    public static boolean fits(String text) {
        String plain = text.strip();
        if (!plain.startsWith("[") && !plain.startsWith("{")) {
            return false;
        }
        try {
            JsonElement json = Json.parse(plain);
            JsonElement list = json instanceof JsonObject row ? first(row, LISTS) : json;
            return list instanceof JsonArray messages
                    && messages.size() > 0
                    && messages.get(0) instanceof JsonObject message
                    && has(message, ROLES)
                    && (has(message, CONTENTS) || message.has(TOOL_CALLS) || message.has(CALL));
        } catch (JsonParseException | IllegalArgumentException e) {
            return false;
        }
    }

    public static Conversation parse(String text) {
        try {
            JsonElement json = withoutNulls(Json.parse(text));
            if (json instanceof JsonObject row) {
                Map<String, JsonElement> extras = new LinkedHashMap<>();
                ChatExtras.NAMES.stream().filter(row::has).forEach(name -> extras.put(name, row.get(name)));
                return ChatExtras.add(Conversation.of(messages(first(row, LISTS))), extras);
            }
            return Conversation.of(messages(json));
        } catch (UnknownNameException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (JsonParseException e) {
            throw new IllegalArgumentException("the JSON is damaged", e);
        }
    }

    /** Drops the fields that are null, which a table of Arrow gives every message that has no such field. */
    static JsonElement withoutNulls(JsonElement json) {
        if (json instanceof JsonArray list) {
            JsonArray kept = new JsonArray();
            list.forEach(element -> kept.add(withoutNulls(element)));
            return kept;
        } else if (json instanceof JsonObject object) {
            JsonObject kept = new JsonObject();
            for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                if (!entry.getValue().isJsonNull()) {
                    kept.add(entry.getKey(), withoutNulls(entry.getValue()));
                }
            }
            return kept;
        }
        return json;
    }

    private static List<Message> messages(JsonElement json) {
        if (!(json instanceof JsonArray list) || list.size() == 0) {
            throw new IllegalArgumentException("it is no JSON list of messages");
        }
        List<Message> messages = new ArrayList<>();
        for (JsonElement element : list) {
            messages.add(message(element, "message " + messages.size()));
        }
        return messages;
    }

    private static Message message(JsonElement element, String name) {
        if (!(element instanceof JsonObject json)) {
            throw new IllegalArgumentException(name + " is no JSON object");
        }
        if (!(first(json, ROLES) instanceof JsonPrimitive role)) {
            throw new IllegalArgumentException("the role of " + name + " is no text");
        }
        JsonElement content =
                Stream.of(CONTENTS).filter(json::has).findFirst().map(json::get).orElse(JsonNull.INSTANCE);
        if (role.getAsString().equals(CALL)) {
            return Message.assistant("").with(TOOL_CALLS, calls(text(content, name), name));
        }
        Map<String, Object> fields = fields(json, name);
        Role who = Role.of(role.getAsString());
        if (content.isJsonNull() && fields.keySet().stream().allMatch(Message.WEIGHT::equals)) {
            throw new IllegalArgumentException(name + " (" + who.word() + ") has no content");
        }
        return new Message(who, content.isJsonNull() ? "" : text(content, name), fields);
    }

    private static Map<String, Object> fields(JsonObject json, String name) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
            String field = entry.getKey();
            if (field.equals(Message.WEIGHT) || field.equals("train")) {
                fields.put(Message.WEIGHT, weight(entry.getValue(), field, name));
            } else if (!KNOWN.contains(field)) {
                fields.put(field, JsonValues.plain(entry.getValue()));
            }
        }
        return fields;
    }

    /** Reads OpenAI's weight, 0 or 1, or Axolotl's "train", true or false. */
    private static long weight(JsonElement value, String field, String name) {
        Object weight = JsonValues.plain(value);
        if (weight instanceof Boolean learned) {
            return learned ? 1 : 0;
        } else if (weight instanceof Number number && (number.doubleValue() == 0 || number.doubleValue() == 1)) {
            return number.longValue();
        }
        throw new IllegalArgumentException(name + " has the " + field + " " + value + "; expected 0 or 1");
    }

    private static List<Object> calls(String json, String name) {
        JsonElement parsed;
        try {
            parsed = Json.parse(json);
        } catch (JsonParseException e) {
            throw new IllegalArgumentException(name + " is no call of a function: its JSON is damaged", e);
        }
        JsonArray list = new JsonArray();
        if (parsed instanceof JsonArray several) {
            list.addAll(several);
        } else {
            list.add(parsed);
        }
        List<Object> calls = new ArrayList<>();
        for (JsonElement call : list) {
            if (!(call instanceof JsonObject object) || !object.has("name")) {
                throw new IllegalArgumentException(name + " is no call of a function: it has no name");
            }
            calls.add(Map.of("type", "function", "function", JsonValues.plain(call)));
        }
        return calls;
    }

    private static boolean has(JsonObject object, String... names) {
        return Stream.of(names).anyMatch(object::has);
    }

    private static JsonElement first(JsonObject object, String... names) {
        for (String name : names) {
            if (object.has(name)) {
                return object.get(name);
            }
        }
        throw new IllegalArgumentException("there is no \"" + String.join("\" or \"", names) + "\"");
    }

    /** Reads a text, or joins the texts of a list of parts. */
    private static String text(JsonElement content, String name) {
        if (content instanceof JsonPrimitive text) {
            return text.getAsString();
        } else if (!(content instanceof JsonArray parts)) {
            throw new IllegalArgumentException("the content of " + name + " is neither a text nor a list of parts");
        } else {
            StringBuilder text = new StringBuilder();
            parts.forEach(part -> text.append(part(part, name)));
            return text.toString();
        }
    }

    private static String part(JsonElement part, String name) {
        if (part instanceof JsonPrimitive text) {
            return text.getAsString();
        } else if (part instanceof JsonObject object && object.get("text") instanceof JsonPrimitive text) {
            return text.getAsString();
        }
        String type = part instanceof JsonObject object && object.has("type") ? " (" + object.get("type") + ")" : "";
        throw new IllegalArgumentException(name + " has a part that is no text" + type);
    }

    /** Writes the messages, with what the row says beside them. */
    public static String write(Conversation chat) {
        JsonArray list = new JsonArray();
        for (Message message : chat.messages()) {
            JsonObject json = new JsonObject();
            json.addProperty("role", message.role().word());
            json.addProperty("content", message.content());
            message.fields().forEach((name, value) -> json.add(name, JsonValues.tree(value)));
            list.add(json);
        }
        if (chat.variables().isEmpty()) {
            return list.toString();
        }
        JsonObject row = new JsonObject();
        row.add("messages", list);
        Map<String, Object> others = new LinkedHashMap<>(chat.variables());
        if (others.containsKey("tools")) {
            row.add("tools", JsonValues.tree(others.remove("tools")));
        }
        if (!others.isEmpty()) {
            row.add("chat_template_kwargs", JsonValues.tree(others));
        }
        return row.toString();
    }
}
