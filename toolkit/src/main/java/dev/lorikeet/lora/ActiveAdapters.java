package dev.lorikeet.lora;

import dev.lorikeet.model.Adapter;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.LoraWeights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Saves and describes the active adapters of a model. */
public final class ActiveAdapters {

    private ActiveAdapters() {}

    /**
     * Writes the active adapters as {@link LoraAdapter#save} does: a single one into {@code folder}, several into subfolders
     * of their names. A model without adapters writes nothing.
     */
    public static void save(Path folder, LanguageModel model) {
        List<Adapter> active = model.adapters().list().stream()
                .filter(adapter -> adapter.state() == Adapter.State.ACTIVE)
                .toList();
        for (Adapter adapter : active) {
            adapter.save(active.size() == 1 ? folder : folder.resolve(adapter.name()));
        }
    }

    /**
     * Describes each adapter by what training with it depends on, in the order of the layers, however the adapter came onto
     * the model.
     */
    public static List<String> describe(LanguageModel model) {
        Map<String, List<LoraWeights>> byName = model.transformer().projections().stream()
                .flatMap(projection -> projection.loraWeights().stream())
                .collect(Collectors.groupingBy(LoraWeights::adapter, LinkedHashMap::new, Collectors.toList()));
        return byName.entrySet().stream()
                .map(entry -> "\"%s\": rank %s, scale %s, dropout %s on %s"
                        .formatted(
                                entry.getKey(),
                                distinct(entry.getValue(), LoraWeights::rank),
                                distinct(entry.getValue(), LoraWeights::scale),
                                distinct(entry.getValue(), LoraWeights::dropout),
                                distinct(entry.getValue(), LoraWeights::target)))
                .toList();
    }

    private static String distinct(List<LoraWeights> weights, Function<LoraWeights, Object> value) {
        return weights.stream()
                .map(weight -> String.valueOf(value.apply(weight)))
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
