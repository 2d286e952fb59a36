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

/** The parameters that an adapter trains as copies of its own, beside its matrices: biases and modules saved whole. */
final class ModulesToSave {

    private ModulesToSave() {}

    /** Which of the model's parameters these settings are about, if the adapter has matrices on {@code targets}. */
    static List<ParameterSlot> wanted(Lora settings, LanguageModel model, Collection<Projection> targets) {
        Set<ParameterSlot> onTargets = targets.stream()
                .flatMap(projection -> projection.slots().stream())
                .collect(Collectors.toSet());
        return model.transformer().slots().stream()
                .filter(slot -> isSaved(settings, slot) || isTrainedBias(settings.bias(), slot, onTargets))
                .toList();
    }

    static boolean isSaved(Lora settings, ParameterSlot slot) {
        return PeftNames.isSaved(slot.module(), settings.modulesToSave());
    }

    private static boolean isTrainedBias(Bias bias, ParameterSlot slot, Set<ParameterSlot> onTargets) {
        return slot.part().equals("bias")
                && switch (bias) {
                    case NONE -> false;
                    case ALL -> true;
                    case LORA_ONLY -> onTargets.contains(slot);
                };
    }

    /** Throws unless each module to save is one and gets no matrices, and no other adapter's copy is in the way. */
    static void check(Lora settings, LanguageModel model, List<ParameterSlot> wanted, Collection<Projection> targets) {
        for (String name : settings.modulesToSave()) {
            if (wanted.stream().noneMatch(slot -> PeftNames.isSaved(slot.module(), List.of(name)))) {
                throw new UnknownNameException("module to save", name, namesIn(model));
            }
        }
        for (Projection projection : targets) {
            BadArgumentException.unless(
                    !isSaved(settings, projection.weightSlot()),
                    "modules to save",
                    settings.modulesToSave(),
                    "modules without matrices, but " + projection.path() + " is one of the targets");
        }
        wanted.forEach(slot -> slot.checkFree(settings.name()));
        if (settings.bias() != Bias.NONE
                && wanted.stream().noneMatch(slot -> slot.part().equals("bias"))) {
            System.out.printf(
                    "The adapter \"%s\" is to train biases (%s), but %s has none there.%n",
                    settings.name(), settings.bias(), model.name());
        }
    }

    private static Set<String> namesIn(LanguageModel model) {
        return model.transformer().slots().stream()
                .map(slot -> slot.module().substring(slot.module().lastIndexOf('.') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A copy of what the model has there, to be trained. */
    static LoraAdapter.Copied fresh(String adapter, ParameterSlot slot) {
        return place(adapter, slot, slot.copy(slot.own().getArray().getManager()), true);
    }

    /** @param array float32, in the model's manager */
    static LoraAdapter.Copied place(String adapter, ParameterSlot slot, NDArray array, boolean trained) {
        ParameterSlot.ParameterOverride standIn = new ParameterSlot.ParameterOverride(
                adapter, trained ? Parameters.trainable(slot.name(), array) : Parameters.frozen(slot.name(), array));
        slot.put(standIn);
        return new LoraAdapter.Copied(slot, standIn);
    }
}
