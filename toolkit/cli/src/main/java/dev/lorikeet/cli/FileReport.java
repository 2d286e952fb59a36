package dev.lorikeet.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.weights.Gguf;
import dev.lorikeet.weights.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The contents of a weight file.
 *
 * @param file the file, or the index of several
 * @param kind format of the file, in words
 * @param parameters number of parameters in all tensors
 * @param bytes bytes of all tensors
 * @param config settings of its configuration file; empty if there is none
 * @param metadata metadata of the file
 * @param tensors tensors in the order of the file
 */
record FileReport(
        Path file,
        String kind,
        long parameters,
        long bytes,
        Map<String, Object> config,
        Map<String, Object> metadata,
        List<Tensor> tensors) {

    /** A tensor, with PyTorch's shape and the file's name of the dtype. */
    record Tensor(String name, String type, List<Long> shape, long bytes) {

        long size() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }
    }

    private static final String ADAPTER = "adapter_config.json";
    private static final String CONFIG = "config.json";

    /** A weight file that a folder may hold, and its configuration file. */
    private static final Map<String, String> IN_FOLDERS = new LinkedHashMap<>();

    static {
        IN_FOLDERS.put("adapter_model.safetensors", ADAPTER);
        IN_FOLDERS.put("model.safetensors", CONFIG);
        IN_FOLDERS.put("model.safetensors.index.json", CONFIG);
    }

    /**
     * @param path a safetensors or GGUF file, the index of several, or a folder with a model or an adapter
     * @throws BadFileException if the path holds no such file or a damaged one
     */
    static FileReport of(Path path) {
        if (!Files.exists(path)) {
            throw new BadFileException(path, "there is no such file or folder");
        }
        Path file = Files.isDirectory(path) ? inFolder(path) : path;
        Optional<Path> config = Optional.ofNullable(IN_FOLDERS.get(String.valueOf(file.getFileName())))
                .map(file::resolveSibling)
                .filter(Files::exists);
        try (TensorFile open = TensorFile.open(file)) {
            List<Tensor> tensors = open.names().stream()
                    .map(open::entry)
                    .map(entry -> new Tensor(
                            entry.name(), entry.type(), boxed(entry.shape().getShape()), entry.bytes()))
                    .toList();
            return new FileReport(
                    file,
                    kind(open, config),
                    tensors.stream().mapToLong(Tensor::size).sum(),
                    tensors.stream().mapToLong(Tensor::bytes).sum(),
                    config.map(FileReport::settings).orElse(Map.of()),
                    open.metadata(),
                    tensors);
        }
    }

    private static Path inFolder(Path folder) {
        return IN_FOLDERS.keySet().stream()
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new BadFileException(
                        folder,
                        "holds no model and no adapter: expected one of " + String.join(", ", IN_FOLDERS.keySet())));
    }

    private static String kind(TensorFile file, Optional<Path> config) {
        boolean adapter = config.isPresent() && config.get().endsWith(ADAPTER);
        String format = file instanceof Gguf ? "GGUF" : "safetensors";
        return adapter ? "an adapter in PEFT's layout, " + format : format;
    }

    private static List<Long> boxed(long[] shape) {
        return Arrays.stream(shape).boxed().toList();
    }

    /** Returns the settings that are not null. */
    private static Map<String, Object> settings(Path file) {
        try {
            JsonObject json = Json.parse(Files.readString(file)).getAsJsonObject();
            Map<String, Object> settings = new LinkedHashMap<>();
            json.entrySet().stream()
                    .filter(entry -> isSet(entry.getValue()))
                    .forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
            return settings;
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new BadFileException(file, "is not a readable configuration: " + e.getMessage(), e);
        }
    }

    private static boolean isSet(JsonElement value) {
        return !value.isJsonNull()
                && !(value.isJsonArray() && value.getAsJsonArray().isEmpty());
    }

    String json() {
        return new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .serializeSpecialFloatingPointValues()
                .registerTypeHierarchyAdapter(
                        Path.class, (JsonSerializer<Path>) (path, type, context) -> new JsonPrimitive(path.toString()))
                .create()
                .toJson(this);
    }

    /** Lists name, count and bytes of each dtype, in the order of the file. */
    private Stream<String> types() {
        Map<String, long[]> types = new LinkedHashMap<>();
        for (Tensor tensor : tensors) {
            long[] sums = types.computeIfAbsent(tensor.type(), type -> new long[2]);
            sums[0]++;
            sums[1] += tensor.bytes();
        }
        return types.entrySet().stream().map(type -> "%s %d (%s)"
                .formatted(type.getKey(), type.getValue()[0], Quantities.bytes(type.getValue()[1])));
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add("%s: %s".formatted(file, kind));
        lines.add("%s parameters in %d tensors, %s: %s"
                .formatted(
                        Quantities.count(parameters),
                        tensors.size(),
                        Quantities.bytes(bytes),
                        String.join(", ", types().toList())));
        section(lines, "Configuration", config);
        section(lines, "Metadata", metadata);
        lines.add("");
        lines.add("Tensors");
        int width = tensors.stream()
                .mapToInt(tensor -> tensor.name().length())
                .max()
                .orElse(0);
        for (Tensor tensor : tensors) {
            lines.add(("  %-" + Math.max(1, width) + "s  %-5s %-16s %10s")
                    .formatted(tensor.name(), tensor.type(), shape(tensor), Quantities.bytes(tensor.bytes())));
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static String shape(Tensor tensor) {
        return "("
                + String.join(", ", tensor.shape().stream().map(String::valueOf).toList()) + ")";
    }

    private static void section(List<String> lines, String title, Map<String, Object> values) {
        if (!values.isEmpty()) {
            lines.add("");
            lines.add(title);
            values.forEach((key, value) -> lines.add("  " + key + ": " + Amounts.shortened(value)));
        }
    }
}
