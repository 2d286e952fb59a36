package dev.lorikeet.lora;

import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.io.ModelLock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Creates and loads low-rank adapters (Hu et al. 2021): {@code Lora.rank(16).alpha(16).on(ALL_LINEAR).inject(model)}. */
public final class Lora {

    private Lora() {}

    /** Starts an adapter of this rank on every linear layer: alpha equal to the rank, no dropout, PEFT's initialisation. */
    public static LoraBuilder rank(int rank) {
        return new LoraConfig(
                        rank,
                        rank,
                        LoraScaling.RANK,
                        0,
                        Bias.NONE,
                        Targets.ALL_LINEAR,
                        List.of(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        Map.of(),
                        Init.KAIMING,
                        "default",
                        123)
                .toBuilder();
    }

    /**
     * Puts a saved adapter on a model: one written by {@link LoraAdapter#save} or by PEFT.
     *
     * @param folder with adapter_config.json and adapter_model.safetensors
     * @throws dev.lorikeet.base.BadFileException if they cannot be read or do not fit the model, which stays as it was
     */
    public static LoraAdapter load(Path folder, LanguageModel model) {
        return load(
                folder,
                model,
                String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
    }

    /** Loads as {@link #load(Path, LanguageModel)} does. */
    public static LoraAdapter load(String folder, LanguageModel model) {
        return load(Path.of(folder), model);
    }

    /** Loads as {@link #load(Path, LanguageModel)} does, under another name than the folder's. */
    public static LoraAdapter load(String folder, LanguageModel model, String name) {
        return load(Path.of(folder), model, name);
    }

    /** Loads as {@link #load(Path, LanguageModel)} does, under another name than the folder's. */
    public static LoraAdapter load(Path folder, LanguageModel model, String name) {
        try (ModelLock.Use use = model.use("putting an adapter on it")) {
            return AdapterReader.read(folder, model, name);
        }
    }

    /**
     * The labels of a classifier's adapter that {@link LoraAdapter#save} wrote, in the order of its classes; empty for another
     * adapter and for one that PEFT wrote.
     *
     * @param folder with adapter_config.json and adapter_model.safetensors
     * @throws dev.lorikeet.base.BadFileException if they cannot be read
     */
    public static List<String> labels(Path folder) {
        return AdapterFacts.labels(folder);
    }

    /** Reads the labels as {@link #labels(Path)} does. */
    public static List<String> labels(String folder) {
        return labels(Path.of(folder));
    }
}
