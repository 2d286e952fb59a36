package dev.lorikeet.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.text.format.JsonFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The chat templates that a model's files carry, by name. They are parsed when they are asked for, so that one that cannot be
 * does not keep a model from being loaded.
 *
 * @param origin the file or folder that they are from
 */
record ChatTemplates(Map<String, String> sources, String origin) {

    static final String DEFAULT = "default";

    private static final String GGUF_KEY = "tokenizer.chat_template";

    static ChatTemplates none(String origin) {
        return new ChatTemplates(Map.of(), origin);
    }

    /** {@code chat_template} in {@code tokenizer_config.json}, one or several with names; or {@code chat_template.jinja}. */
    static ChatTemplates in(Path folder) {
        Map<String, String> sources = new TreeMap<>();
        Path config = folder.resolve("tokenizer_config.json");
        if (Files.exists(config)) {
            JsonElement templates = JsonFiles.object(config).get("chat_template");
            try {
                if (templates instanceof JsonArray several) {
                    several.forEach(one -> sources.put(text(one, "name"), text(one, "template")));
                } else if (templates != null && !templates.isJsonNull()) {
                    sources.put(DEFAULT, templates.getAsString());
                }
            } catch (IllegalStateException | UnsupportedOperationException e) {
                throw new BadFileException(
                        config, "its chat_template is neither a text nor a list of names and templates", e);
            }
        }
        Path own = folder.resolve("chat_template.jinja");
        if (Files.exists(own)) {
            sources.put(DEFAULT, JsonFiles.text(own));
        }
        return new ChatTemplates(sources, folder.toString());
    }

    private static String text(JsonElement one, String key) {
        JsonObject object = one.getAsJsonObject();
        if (!object.has(key)) {
            throw new IllegalStateException("a template has no " + key);
        }
        return object.get(key).getAsString();
    }

    /** {@code tokenizer.chat_template}, and others with a point and their name after it. */
    static ChatTemplates ofGguf(Map<String, Object> metadata, Path file) {
        Map<String, String> sources = new TreeMap<>();
        metadata.forEach((key, value) -> {
            if (key.equals(GGUF_KEY)) {
                sources.put(DEFAULT, String.valueOf(value));
            } else if (key.startsWith(GGUF_KEY + ".")) {
                sources.put(key.substring(GGUF_KEY.length() + 1), String.valueOf(value));
            }
        });
        return new ChatTemplates(sources, file.toString());
    }

    ChatTemplate get(String name, Tokenizer tokenizer) {
        if (sources.isEmpty()) {
            throw new LorikeetException("There is no chat template in " + origin
                    + ": this model was not made for chats. ChatTemplate.of(jinja, tokenizer) takes one of your own.");
        }
        // A model that has one template only under a name means that one.
        String chosen = name.equals(DEFAULT) && sources.size() == 1
                ? sources.keySet().iterator().next()
                : name;
        if (!sources.containsKey(chosen)) {
            throw new UnknownNameException("chat template", name, sources.keySet());
        }
        String named = chosen.equals(DEFAULT) ? "" : " (" + chosen + ")";
        return ChatTemplate.of(sources.get(chosen), origin + named, tokenizer);
    }
}
