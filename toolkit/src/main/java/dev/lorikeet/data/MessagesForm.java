package dev.lorikeet.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.text.Message;
import dev.lorikeet.text.Role;
import java.util.ArrayList;
import java.util.List;

/** The JSON format of messages with roles. */
final class MessagesForm {

    private MessagesForm() {}

    static List<Message> parse(String text) {
        try {
            JsonElement json = Json.parse(text);
            if (json instanceof JsonObject row) {
                json = first(row, "messages", "conversations");
            }
            List<Message> messages = new ArrayList<>();
            for (JsonElement element : json.getAsJsonArray()) {
                JsonObject message = element.getAsJsonObject();
                Role role = Role.of(first(message, "role", "from").getAsString());
                messages.add(new Message(role, content(first(message, "content", "value"))));
            }
            return messages;
        } catch (UnknownNameException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            throw new IllegalArgumentException("the JSON is damaged or has another format", e);
        }
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
    private static String content(JsonElement content) {
        if (!(content instanceof JsonArray parts)) {
            return content.getAsString();
        }
        StringBuilder text = new StringBuilder();
        for (JsonElement part : parts) {
            text.append(
                    part instanceof JsonObject object ? first(object, "text").getAsString() : part.getAsString());
        }
        return text.toString();
    }

    static String write(List<Message> messages) {
        JsonArray list = new JsonArray();
        for (Message message : messages) {
            JsonObject json = new JsonObject();
            json.addProperty("role", message.role().word());
            json.addProperty("content", message.content());
            list.add(json);
        }
        return list.toString();
    }
}
