package dev.lorikeet.lora;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.lorikeet.base.AtomicFiles;
import dev.lorikeet.base.BadFileException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * PEFT's adapter_config.json, as far as it is supported.
 *
 * @param taskType null for none
 * @param targetModules names of the modules that carry matrices; what a file says here is not read, as its tensors say it
 * @param rankPattern ranks of the modules that differ from {@code rank}, by the end of their path
 * @param alphaPattern alphas of the modules that differ from {@code alpha}
 */
record AdapterConfig(
        String baseModel,
        String taskType,
        int rank,
        double alpha,
        double dropout,
        boolean rsLora,
        boolean fanInFanOut,
        List<String> targetModules,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern) {

    static final String FILE = "adapter_config.json";

    /** Settings that change what an adapter computes or holds, with the values that mean "not used". */
    private static final Map<String, Set<String>> UNUSED = Map.of(
            "use_dora", Set.of("false", "null"),
            "use_qalora", Set.of("false", "null"),
            "use_bdlora", Set.of("false", "null"),
            "bias", Set.of("\"none\"", "null"),
            "lora_bias", Set.of("false", "null"),
            "layer_replication", Set.of("null"),
            "trainable_token_indices", Set.of("null"),
            "target_parameters", Set.of("null", "[]"),
            "alora_invocation_tokens", Set.of("null"),
            "arrow_config", Set.of("null"));

    static AdapterConfig read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new BadFileException(folder, "holds no adapter: there is no " + FILE);
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            return parse(JsonParser.parseReader(reader).getAsJsonObject(), file);
        } catch (IOException | JsonParseException | IllegalStateException | NumberFormatException e) {
            throw new BadFileException(file, "is not a readable adapter configuration: " + e.getMessage(), e);
        }
    }

    private static AdapterConfig parse(JsonObject json, Path file) {
        String type = text(json, "peft_type", "");
        if (!type.equals("LORA")) {
            throw new BadFileException(file, "peft_type is \"%s\"; only \"LORA\" is supported".formatted(type));
        }
        UNUSED.forEach((key, unused) -> {
            if (json.has(key) && !unused.contains(json.get(key).toString())) {
                throw new BadFileException(file, "%s is %s, which is not supported".formatted(key, json.get(key)));
            }
        });
        JsonElement rank = json.get("r");
        if (rank == null) {
            throw new BadFileException(file, "has no rank \"r\"");
        }
        return new AdapterConfig(
                text(json, "base_model_name_or_path", ""),
                text(json, "task_type", ""),
                rank.getAsInt(),
                json.has("lora_alpha") ? json.get("lora_alpha").getAsDouble() : 8,
                json.has("lora_dropout") ? json.get("lora_dropout").getAsDouble() : 0,
                flag(json, "use_rslora"),
                flag(json, "fan_in_fan_out"),
                List.of(),
                pattern(json, "rank_pattern", JsonElement::getAsInt),
                pattern(json, "alpha_pattern", JsonElement::getAsDouble));
    }

    private static String text(JsonObject json, String key, String absent) {
        JsonElement value = json.get(key);
        return value == null || value.isJsonNull() ? absent : value.getAsString();
    }

    private static boolean flag(JsonObject json, String key) {
        JsonElement value = json.get(key);
        return value != null && !value.isJsonNull() && value.getAsBoolean();
    }

    private static <T> Map<String, T> pattern(
            JsonObject json, String key, java.util.function.Function<JsonElement, T> value) {
        Map<String, T> pattern = new TreeMap<>();
        JsonElement found = json.get(key);
        if (found != null && found.isJsonObject()) {
            found.getAsJsonObject()
                    .entrySet()
                    .forEach(entry -> pattern.put(entry.getKey(), value.apply(entry.getValue())));
        }
        return pattern;
    }

    /** The rank of a module by its path. */
    int rank(String path) {
        return matching(rankPattern, path, rank);
    }

    /** The scale of a module by its path: alpha over rank, or over the rank's root with rsLoRA (Kalajdzievski 2023). */
    double scale(String path, long moduleRank) {
        double moduleAlpha = matching(alphaPattern, path, alpha);
        return moduleAlpha / (rsLora ? Math.sqrt(moduleRank) : moduleRank);
    }

    private static <T> T matching(Map<String, T> patterns, String path, T other) {
        return patterns.entrySet().stream()
                .filter(entry -> path.matches("(.*\\.)?(" + entry.getKey() + ")"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(other);
    }

    void write(Path folder) {
        JsonObject json = new JsonObject();
        json.addProperty("peft_type", "LORA");
        json.addProperty("task_type", taskType);
        json.addProperty("base_model_name_or_path", baseModel);
        json.addProperty("r", rank);
        json.add("lora_alpha", number(alpha));
        json.addProperty("lora_dropout", dropout);
        json.addProperty("bias", "none");
        json.addProperty("fan_in_fan_out", fanInFanOut);
        json.addProperty("use_rslora", rsLora);
        json.addProperty("use_dora", false);
        json.addProperty("init_lora_weights", true);
        json.addProperty("inference_mode", true);
        json.add("target_modules", new GsonBuilder().create().toJsonTree(targetModules));
        JsonObject ranks = new JsonObject();
        rankPattern.forEach(ranks::addProperty);
        json.add("rank_pattern", ranks);
        JsonObject alphas = new JsonObject();
        alphaPattern.forEach((key, value) -> alphas.add(key, number(value)));
        json.add("alpha_pattern", alphas);
        AtomicFiles.writeText(
                folder.resolve(FILE),
                new GsonBuilder().setPrettyPrinting().create().toJson(json) + "\n");
    }

    /** PEFT writes whole alphas as integers. */
    private static JsonElement number(double value) {
        return new com.google.gson.JsonPrimitive(value == Math.rint(value) ? (Number) (long) value : (Number) value);
    }
}
