package dev.lorikeet.lora;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.file.AtomicFiles;
import java.nio.file.Path;

/**
 * PEFT's adapter_config.json, with the settings that Lorikeet supports.
 *
 * @param taskType PEFT's task type; null for none
 * @param fanInFanOut whether the base stores its weights as (in, out), as GPT-2 does
 * @param targetModules modules with matrices; a file may leave them open, as its tensors name them
 * @param excludeModules modules without matrices, though {@code targetModules} match them
 * @param lora all other settings; its own target modules are not used
 */
record AdapterConfig(
        String baseModel,
        String taskType,
        boolean fanInFanOut,
        ModuleNames targetModules,
        ModuleNames excludeModules,
        LoraConfig lora) {

    static final String FILE = "adapter_config.json";

    /** @throws dev.lorikeet.base.BadFileException if the file is missing or has a setting that is not supported */
    static AdapterConfig read(Path folder) {
        return AdapterConfigFile.read(folder);
    }

    void write(Path folder) {
        String text = new GsonBuilder().setPrettyPrinting().create().toJson(json());
        AtomicFiles.writeText(folder.resolve(FILE), text + "\n");
    }

    /** Returns the JSON to write, with long-standing keys only: older versions of PEFT refuse keys that they do not know. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("peft_type", "LORA");
        json.addProperty("task_type", taskType);
        json.addProperty("base_model_name_or_path", baseModel);
        json.addProperty("r", lora.rank());
        json.add("lora_alpha", number(lora.alpha()));
        json.addProperty("lora_dropout", lora.dropout());
        json.addProperty("bias", lora.bias().toString());
        json.addProperty("fan_in_fan_out", fanInFanOut);
        json.addProperty("use_rslora", lora.scaling() == LoraScaling.SQRT_RANK);
        json.addProperty("use_dora", false);
        json.add("init_lora_weights", init(lora.init()));
        json.addProperty("inference_mode", true);
        Gson gson = new Gson();
        json.add("target_modules", gson.toJsonTree(targetModules.names()));
        json.add("modules_to_save", orNull(lora.modulesToSave(), gson));
        json.add("layers_to_transform", orNull(lora.layersToTransform(), gson));
        json.add("layers_pattern", orNull(lora.layersPattern(), gson));
        json.add("rank_pattern", gson.toJsonTree(lora.rankPattern()));
        JsonObject alphas = new JsonObject();
        lora.alphaPattern().forEach((key, value) -> alphas.add(key, number(value)));
        json.add("alpha_pattern", alphas);
        return json;
    }

    private static JsonElement orNull(java.util.List<?> list, Gson gson) {
        return list.isEmpty() ? null : gson.toJsonTree(list);
    }

    /** Returns true for initialisations that PEFT lacks: an initialisation matters only before training. */
    private static JsonPrimitive init(Init init) {
        return switch (init) {
            case GAUSSIAN -> new JsonPrimitive("gaussian");
            case RANDOM_B -> new JsonPrimitive(false);
            default -> new JsonPrimitive(true);
        };
    }

    /** PEFT writes whole alphas as integers. */
    private static JsonElement number(double value) {
        return new JsonPrimitive(value == Math.rint(value) ? (Number) (long) value : (Number) value);
    }
}
