package dev.lorikeet.lora;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.Regex;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads an adapter_config.json. A setting that is unknown or not supported is refused by name, unless its value means "not
 * used".
 */
record AdapterConfigFile(JsonObject json, Path file) {

    private static final Set<String> SUPPORTED = Set.of(
            "peft_type",
            "task_type",
            "base_model_name_or_path",
            "r",
            "lora_alpha",
            "lora_dropout",
            "bias",
            "use_rslora",
            "fan_in_fan_out",
            "target_modules",
            "exclude_modules",
            "modules_to_save",
            "layers_to_transform",
            "layers_pattern",
            "rank_pattern",
            "alpha_pattern",
            "init_lora_weights");

    /** Keys that do not change what the adapter computes, or that only matter with settings that are refused. */
    private static final Set<String> IGNORED = Set.of(
            "peft_version",
            "auto_mapping",
            "revision",
            "inference_mode",
            "runtime_config",
            "megatron_core",
            "qalora_group_size");

    private static final Set<String> UNUSED_VALUES = Set.of("null", "false", "{}", "[]", "\"\"");

    private static final Set<String> TASKS = Set.of("CAUSAL_LM", "SEQ_CLS", "TOKEN_CLS", "FEATURE_EXTRACTION", "");

    private static final String ALL_LINEAR = "all-linear";

    static AdapterConfig read(Path folder) {
        Path file = folder.resolve(AdapterConfig.FILE);
        if (!Files.exists(file)) {
            throw new BadFileException(folder, "holds no adapter: there is no " + AdapterConfig.FILE);
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            return new AdapterConfigFile(Json.object(Json.parse(reader), "its content"), file).config();
        } catch (BadArgumentException e) {
            throw new BadFileException(file, "cannot be used: " + e.getMessage(), e);
        } catch (IOException | JsonParseException e) {
            throw new BadFileException(file, "is not a readable adapter configuration: " + e.getMessage(), e);
        }
    }

    private AdapterConfig config() {
        if (!"LORA".equals(text("peft_type", ""))) {
            throw unsupported("peft_type", "\"LORA\"");
        }
        json.keySet().stream()
                .filter(key -> !SUPPORTED.contains(key) && !IGNORED.contains(key))
                .filter(key -> !UNUSED_VALUES.contains(json.get(key).toString()))
                .findFirst()
                .ifPresent(key -> {
                    throw unsupported(key, "an adapter without it (null or false)");
                });
        if (!TASKS.contains(text("task_type", ""))) {
            throw unsupported(
                    "task_type", "\"CAUSAL_LM\", \"SEQ_CLS\", \"TOKEN_CLS\", \"FEATURE_EXTRACTION\" and null");
        }
        return new AdapterConfig(
                text("base_model_name_or_path", ""),
                text("task_type", null),
                flag("fan_in_fan_out"),
                modules("target_modules"),
                modules("exclude_modules"),
                lora());
    }

    private LoraConfig lora() {
        if (!has("r")) {
            throw new BadFileException(file, "has no rank \"r\"");
        }
        LoraConfig base = Lora.rank(Json.integer(json.get("r"), "r"))
                .alpha(number("lora_alpha", 8))
                .dropout(number("lora_dropout", 0))
                .bias(bias())
                .init(init())
                .build();
        return base.with(builder -> {
            builder.scaling = flag("use_rslora") ? LoraScaling.SQRT_RANK : LoraScaling.RANK;
            builder.layersToTransform = list("layers_to_transform", Json::integer);
            builder.layersPattern = list("layers_pattern", Json::text);
            builder.modulesToSave = list("modules_to_save", Json::text);
            builder.rankPattern = pattern("rank_pattern", Json::integer);
            builder.alphaPattern = pattern("alpha_pattern", Json::number);
        });
    }

    private Bias bias() {
        String text = text("bias", "none");
        return Arrays.stream(Bias.values())
                .filter(bias -> bias.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> unsupported("bias", "\"none\", \"all\" and \"lora_only\""));
    }

    /** Refuses PiSSA, OLoRA and the like: they change the base weights, which an adapter file does not hold. */
    private Init init() {
        return switch (has("init_lora_weights") ? json.get("init_lora_weights").toString() : "true") {
            case "true" -> Init.KAIMING;
            case "false" -> Init.RANDOM_B;
            case "\"gaussian\"" -> Init.GAUSSIAN;
            default ->
                throw unsupported(
                        "init_lora_weights", "true, false and \"gaussian\", which leave the weights of the base alone");
        };
    }

    private ModuleNames modules(String key) {
        boolean expression = has(key) && json.get(key).isJsonPrimitive();
        if (!expression) {
            return ModuleNames.of(list(key, Json::text));
        }
        String text = Json.text(json.get(key), key);
        // The tensors tell what "all-linear" or an expression that only Python understands stands for.
        if (text.equalsIgnoreCase(ALL_LINEAR)) {
            return ModuleNames.NONE;
        }
        try {
            Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            return ModuleNames.NONE;
        }
        return new ModuleNames(List.of(), Regex.compile(key, text));
    }

    private boolean has(String key) {
        return json.has(key) && !json.get(key).isJsonNull();
    }

    private String text(String key, String missing) {
        return has(key) ? Json.text(json.get(key), key) : missing;
    }

    private double number(String key, double missing) {
        return has(key) ? Json.number(json.get(key), key) : missing;
    }

    private boolean flag(String key) {
        return has(key) && Json.flag(json.get(key), key);
    }

    /** Reads a list; a single value is a list of one, and a missing key an empty list. */
    private <T> List<T> list(String key, BiFunction<JsonElement, String, T> value) {
        if (!has(key)) {
            return List.of();
        }
        JsonElement found = json.get(key);
        return found.isJsonArray() ? Json.list(found, key, value) : List.of(value.apply(found, key));
    }

    /** Reads a map in the order of the file, which decides where several patterns match. */
    private <T> Map<String, T> pattern(String key, BiFunction<JsonElement, String, T> value) {
        Map<String, T> pattern = new LinkedHashMap<>();
        if (has(key)) {
            Json.object(json.get(key), key)
                    .entrySet()
                    .forEach(e -> pattern.put(
                            e.getKey(), value.apply(e.getValue(), "\"%s\" in %s".formatted(e.getKey(), key))));
        }
        return pattern;
    }

    private BadFileException unsupported(String key, String supported) {
        return new BadFileException(
                file, "%s is %s, which is not supported; supported: %s".formatted(key, json.get(key), supported));
    }
}
