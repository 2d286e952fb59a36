package dev.lorikeet.lora.names;

import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.TaskModel;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.family.Families;

/** Names that PEFT's files have for the modules of a model: those of the class of transformers that PEFT wraps. */
public record PeftPaths(LanguageModel model) {

    public static final String PREFIX = "base_model.model.";

    /** The path of a module; an encoder without a task is wrapped by itself, without the name that it has within a classifier. */
    public String path(String module) {
        boolean bare = model.config().isEncoder() && !(model instanceof TaskModel);
        String prefix = Families.named(model.config().family()).optionalPrefix();
        return bare && module.startsWith(prefix) ? module.substring(prefix.length()) : module;
    }

    /** The name of a module's tensors, up to the last part. */
    public String key(String module) {
        return PREFIX + path(module);
    }

    /** The name of a parameter; on an adapted module it contains "base_layer". */
    public String key(ParameterSlot slot, boolean adapted) {
        return key(slot.module()) + (adapted ? ".base_layer." : ".") + slot.part();
    }
}
