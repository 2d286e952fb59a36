package dev.lorikeet.lora;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.AtomicFiles;
import java.nio.file.Path;

/**
 * PEFT's adapter_config.json, as far as it is supported.
 *
 * @param taskType null for none
 * @param fanInFanOut whether the base keeps its weights as (in, out), as GPT-2 does
 * @param targets what carries matrices; a file may leave it open, as its tensors say it
 * @param excluded what does not, though {@code targets} name it
 * @param settings all the rest; their own targets mean nothing here
 */
record AdapterConfig(
        String baseModel,
        String taskType,
        boolean fanInFanOut,
        ModuleNames targets,
        ModuleNames excluded,
        Lora settings) {

    static final String FILE = "adapter_config.json";

    /** @throws dev.lorikeet.base.BadFileException if there is none, or one with settings that are not supported */
    static AdapterConfig read(Path folder) {
        return AdapterConfigFile.read(folder);
    }

    void write(Path folder) {
        String text = new GsonBuilder().setPrettyPrinting().create().toJson(json());
        AtomicFiles.writeText(folder.resolve(FILE), text + "\n");
    }

    /** Only what PEFT has known for years, since older versions refuse what they do not know. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("peft_type", "LORA");
        json.addProperty("task_type", taskType);
        json.addProperty("base_model_name_or_path", baseModel);
        json.addProperty("r", settings.rank());
        json.add("lora_alpha", number(settings.alpha()));
        json.addProperty("lora_dropout", settings.dropout());
        json.addProperty("bias", settings.bias().toString());
        json.addProperty("fan_in_fan_out", fanInFanOut);
        json.addProperty("use_rslora", settings.scaling() == Scaling.ROOT_OF_RANK);
        json.addProperty("use_dora", false);
        json.add("init_lora_weights", init(settings.init()));
        json.addProperty("inference_mode", true);
        Gson gson = new Gson();
        json.add("target_modules", gson.toJsonTree(targets.names()));
        json.add("modules_to_save", orNull(settings.modulesToSave(), gson));
        json.add("layers_to_transform", orNull(settings.layers(), gson));
        json.add("layers_pattern", orNull(settings.layersPattern(), gson));
        json.add("rank_pattern", gson.toJsonTree(settings.rankPattern()));
        JsonObject alphas = new JsonObject();
        settings.alphaPattern().forEach((key, value) -> alphas.add(key, number(value)));
        json.add("alpha_pattern", alphas);
        return json;
    }

    private static JsonElement orNull(java.util.List<?> list, Gson gson) {
        return list.isEmpty() ? null : gson.toJsonTree(list);
    }

    /** The inits that PEFT does not have only matter before training: to it they are its own. */
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
