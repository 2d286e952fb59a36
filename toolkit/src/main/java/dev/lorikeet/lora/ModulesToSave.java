package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.lora.names.PeftNames;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.Linear;
import dev.lorikeet.model.block.NamedParameter;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Parameters;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds and copies the parameters that an adapter trains in full besides its matrices: biases and modules to save. */
final class ModulesToSave {

    private ModulesToSave() {}

    /**
     * Returns the parameters that an adapter trains in full.
     *
     * @param all the model's parameters
     * @param targets the projections that get matrices
     */
    static <P extends NamedParameter> List<P> among(
            Collection<P> all, LoraConfig config, Collection<? extends Linear> targets) {
        Set<String> adapted = targets.stream().map(Linear::path).collect(Collectors.toSet());
        return all.stream()
                .filter(parameter -> isSaved(config, parameter) || isTrainedBias(config.bias(), parameter, adapted))
                .toList();
    }

    static boolean isSaved(LoraConfig config, NamedParameter parameter) {
        return PeftNames.isSaved(parameter.module(), config.modulesToSave());
    }

    private static boolean isTrainedBias(Bias bias, NamedParameter parameter, Set<String> adapted) {
        return parameter.part().equals("bias")
                && switch (bias) {
                    case NONE -> false;
                    case ALL -> true;
                    case LORA_ONLY -> adapted.contains(parameter.module());
                };
    }

    /** Checks that each module to save exists and gets no matrices. */
    static void check(
            LoraConfig config,
            Collection<? extends NamedParameter> saved,
            Collection<? extends NamedParameter> all,
            Collection<? extends Linear> targets) {
        for (String name : config.modulesToSave()) {
            if (saved.stream().noneMatch(parameter -> PeftNames.isSaved(parameter.module(), List.of(name)))) {
                throw new UnknownNameException("module to save", name, names(all));
            }
        }
        for (Linear projection : targets) {
            BadArgumentException.unless(
                    !PeftNames.isSaved(projection.path(), config.modulesToSave()),
                    "modules to save",
                    config.modulesToSave(),
                    "modules without matrices, but " + projection.path() + " is one of the targets");
        }
    }

    /** Checks that no other adapter has a copy of a parameter, and says if there are no biases to train. */
    static void checkFree(LoraConfig config, LanguageModel model, List<ParameterSlot> slots) {
        slots.forEach(slot -> slot.checkFree(config.name()));
        if (config.bias() != Bias.NONE
                && slots.stream().noneMatch(slot -> slot.part().equals("bias"))) {
            System.out.printf(
                    "The adapter \"%s\" should train biases (%s), but %s has none there.%n",
                    config.name(), config.bias(), model.name());
        }
    }

    private static Set<String> names(Collection<? extends NamedParameter> parameters) {
        return parameters.stream()
                .map(parameter ->
                        parameter.module().substring(parameter.module().lastIndexOf('.') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Copies a parameter of the model for the adapter to train. */
    static LoraAdapter.SavedParameter create(String adapter, ParameterSlot slot) {
        return attach(adapter, slot, slot.copy(slot.own().getArray().getManager()), true);
    }

    /*Puts the adapter's copy of a parameter, float32 in the model's manager, on the model. */
    static LoraAdapter.SavedParameter attach(String adapter, ParameterSlot slot, NDArray array, boolean trained) {
        ParameterSlot.ParameterOverride override = new ParameterSlot.ParameterOverride(
                adapter, trained ? Parameters.trainable(slot.name(), array) : Parameters.frozen(slot.name(), array));
        slot.put(override);
        return new LoraAdapter.SavedParameter(slot, override);
    }
}
