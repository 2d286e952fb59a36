package dev.lorikeet.model.spec;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.TensorFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The settings of a GGUF file.
 *
 * @param keys the metadata of its architecture, without "qwen3." before each key
 * @param file the file, for what its tensors tell
 */
public record GgufFields(Fields keys, TensorFile file) {

    private static final Gson GSON =
            new GsonBuilder().serializeSpecialFloatingPointValues().create();

    public static final String ARCHITECTURE = "general.architecture";

    /** Reads the metadata whose keys begin with the name of an architecture. */
    public static GgufFields of(TensorFile file, String architecture) {
        JsonObject json = new JsonObject();
        String prefix = architecture + ".";
        file.metadata().forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                json.add(key.substring(prefix.length()), json(value));
            }
        });
        return new GgufFields(new Fields(json, file.path()), file);
    }

    /** Files repeat a number for each layer where it may differ; if all are the same it counts as one. */
    private static JsonElement json(Object value) {
        JsonElement tree = GSON.toJsonTree(value);
        if (tree.isJsonArray()) {
            Set<JsonElement> different = new HashSet<>();
            tree.getAsJsonArray().forEach(different::add);
            if (different.size() == 1 && isNumber(different.iterator().next())) {
                return different.iterator().next();
            }
        }
        return tree;
    }

    private static boolean isNumber(JsonElement element) {
        return element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber();
    }

    public boolean hasTensor(String name) {
        return file.names().contains(name);
    }

    /** The elements of a small tensor, such as the divisors of rotary frequencies. */
    public List<Float> elements(String tensor, int expected) {
        try (NDManager manager = Torch.manager();
                NDArray array = file.readWeights(tensor, manager)) {
            List<Float> elements = new ArrayList<>();
            for (float element : array.toFloatArray()) {
                elements.add(element);
            }
            if (elements.size() != expected) {
                throw new BadFileException(
                        file.path(),
                        "\"%s\" has %d elements; by the model's settings it should have %d"
                                .formatted(tensor, elements.size(), expected));
            }
            return elements;
        }
    }

    /** All metadata, that of the tokenizer included. */
    public Map<String, Object> metadata() {
        return file.metadata();
    }
}
