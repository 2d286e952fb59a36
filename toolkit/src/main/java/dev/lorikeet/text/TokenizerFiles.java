package dev.lorikeet.text;

import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.text.format.SpecialIds;
import dev.lorikeet.text.format.TokenizerJson;
import dev.lorikeet.text.format.Vocabulary;
import dev.lorikeet.weights.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The tokenizer of a model's files, handed on to other tools in their formats. */
public final class TokenizerFiles {

    /** The files that may describe a tokenizer in a folder of Hugging Face's layout. */
    public static final List<String> NAMES = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "chat_template.jinja");

    private static final String GGUF_KEYS = "tokenizer.";

    private TokenizerFiles() {}

    /**
     * Writes a model's tokenizer into a folder as transformers reads it: a folder's files are copied, and those of a GGUF
     * file's vocabulary made.
     *
     * @param model a folder or a .gguf file
     * @param context longest sequence of the model
     * @return the names of the files
     * @throws BadFileException if a file cannot be read or written, or the GGUF's tokenizer is of a kind that is not supported
     */
    public static List<String> write(Path model, Path folder, int context) {
        if (Files.isDirectory(model)) {
            return copy(model, folder);
        }
        try (TensorFile gguf = TensorFile.open(model)) {
            Map<String, JsonObject> files = ofGguf(gguf.metadata(), model, context);
            files.forEach((name, json) -> AtomicFiles.writeText(folder.resolve(name), json + "\n"));
            return List.copyOf(files.keySet());
        }
    }

    /**
     * A model's tokenizer as the GGUF keys {@code tokenizer.*}: those of a GGUF file itself, or made from a folder's files.
     *
     * @param model a folder or a .gguf file
     * @param rows of the token table; ids without a token are named {@code [PADn]}
     * @throws BadFileException if a file cannot be read, or its tokenizer has no form in GGUF that is known here
     */
    public static Map<String, Object> toGguf(Path model, int rows) {
        if (Files.isDirectory(model)) {
            Optional<Path> pieces = Tokenizers.find(model).filter(file -> file.endsWith("tokenizer.model"));
            return pieces.isPresent()
                    ? SentencePieceGguf.metadata(pieces.get(), rows)
                    : GgufVocabulary.read(model).metadata(rows);
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        try (TensorFile gguf = TensorFile.open(model)) {
            gguf.metadata().forEach((key, value) -> {
                if (key.startsWith(GGUF_KEYS)) {
                    keys.put(key, value);
                }
            });
        }
        return keys;
    }

    private static List<String> copy(Path from, Path to) {
        List<String> names = NAMES.stream()
                .filter(name -> Files.isRegularFile(from.resolve(name)))
                .toList();
        names.forEach(name -> copy(from, to, name));
        return names;
    }

    /**
     * Copies a file of a model's folder into another folder.
     *
     * @throws BadFileException if it is a link to a file outside of the folder, or of the repository in the hub's cache that the folder
     *     belongs to: a model from elsewhere could hand on any file of this machine so
     */
    public static void copy(Path from, Path to, String name) {
        Path file = from.resolve(name);
        try {
            Path real = file.toRealPath();
            Path folder = from.toRealPath();
            Path parent = folder.getParent();
            boolean cached = parent != null && parent.endsWith("snapshots");
            if (!real.startsWith(cached ? parent.getParent() : folder)) {
                throw new BadFileException(
                        file,
                        "is a link to %s, outside of the model; put the file itself there to save it".formatted(real));
            }
        } catch (IOException e) {
            throw new BadFileException(file, "could not be read: " + e.getMessage(), e);
        }
        AtomicFiles.copy(file, to.resolve(name));
    }

    private static Map<String, JsonObject> ofGguf(Map<String, Object> metadata, Path file, int context) {
        GgufTokenizer gguf = new GgufTokenizer(metadata, file);
        TokenizerJson tokenizer = gguf.read();
        Vocabulary vocabulary = tokenizer.vocabulary();
        SpecialIds special = gguf.specialIds(vocabulary.size());
        JsonObject config = new JsonObject();
        config.addProperty("tokenizer_class", "PreTrainedTokenizerFast");
        token(config, "bos_token", special.bos(), vocabulary);
        token(config, "eos_token", special.eos(), vocabulary);
        token(config, "pad_token", special.pad(), vocabulary);
        config.addProperty("model_max_length", context);
        config.addProperty("clean_up_tokenization_spaces", false);
        if (metadata.get("tokenizer.chat_template") instanceof String template) {
            config.addProperty("chat_template", template);
        }
        JsonObject json = Json.parse(tokenizer.json()).getAsJsonObject();
        if (gguf.policy(gguf.usualPolicy()).bos() && special.bos().isPresent()) {
            int bos = special.bos().getAsInt();
            json.add("post_processor", TokenizerJson.startingWith(bos, vocabulary.token(bos)));
        }
        Map<String, JsonObject> files = new LinkedHashMap<>();
        files.put("tokenizer.json", json);
        files.put("tokenizer_config.json", config);
        return files;
    }

    private static void token(JsonObject config, String role, OptionalInt id, Vocabulary vocabulary) {
        id.ifPresent(present -> config.addProperty(role, vocabulary.token(present)));
    }
}
