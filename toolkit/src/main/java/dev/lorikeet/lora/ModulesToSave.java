package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Parameters;
import dev.lorikeet.model.block.Projection;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds and copies the parameters that an adapter trains in full besides its matrices: biases and modules to save. */
final class ModulesToSave {

    private ModulesToSave() {}

    /** Returns the parameters that an adapter with matrices on {@code targets} trains in full. */
    static List<ParameterSlot> slots(LoraConfig config, LanguageModel model, Collection<Projection> targets) {
        Set<ParameterSlot> onTargets = targets.stream()
                .flatMap(projection -> projection.slots().stream())
                .collect(Collectors.toSet());
        return model.transformer().slots().stream()
                .filter(slot -> isSaved(config, slot) || isTrainedBias(config.bias(), slot, onTargets))
                .toList();
    }

    static boolean isSaved(LoraConfig config, ParameterSlot slot) {
        return PeftNames.isSaved(slot.module(), config.modulesToSave());
    }

    private static boolean isTrainedBias(Bias bias, ParameterSlot slot, Set<ParameterSlot> onTargets) {
        return slot.part().equals("bias")
                && switch (bias) {
                    case NONE -> false;
                    case ALL -> true;
                    case LORA_ONLY -> onTargets.contains(slot);
                };
    }

    /** Checks that each module to save exists and gets no matrices, and that no other adapter has a copy of a parameter. */
    static void check(
            LoraConfig config, LanguageModel model, List<ParameterSlot> slots, Collection<Projection> targets) {
        for (String name : config.modulesToSave()) {
            if (slots.stream().noneMatch(slot -> PeftNames.isSaved(slot.module(), List.of(name)))) {
                throw new UnknownNameException("module to save", name, namesIn(model));
            }
        }
        for (Projection projection : targets) {
            BadArgumentException.unless(
                    !isSaved(config, projection.weightSlot()),
                    "modules to save",
                    config.modulesToSave(),
                    "modules without matrices, but " + projection.path() + " is one of the targets");
        }
        slots.forEach(slot -> slot.checkFree(config.name()));
        if (config.bias() != Bias.NONE
                && slots.stream().noneMatch(slot -> slot.part().equals("bias"))) {
            System.out.printf(
                    "The adapter \"%s\" should train biases (%s), but %s has none there.%n",
                    config.name(), config.bias(), model.name());
        }
    }

    private static Set<String> namesIn(LanguageModel model) {
        return model.transformer().slots().stream()
                .map(slot -> slot.module().substring(slot.module().lastIndexOf('.') + 1))
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
