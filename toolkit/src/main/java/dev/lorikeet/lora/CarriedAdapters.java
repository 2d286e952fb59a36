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

/** The adapters in effect on a model. */
public final class CarriedAdapters {

    private CarriedAdapters() {}

    /**
     * Writes them as {@link LoraAdapter#save} does: a single one into {@code folder} itself, several each into a folder of its
     * name within. Nothing is written of a model without.
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
     * Each adapter in a few words, in the order of the layers that carry them: what a training with it depends on, however the
     * adapter came onto the model.
     */
    public static List<String> describe(LanguageModel model) {
        Map<String, List<LoraWeights>> byName = model.transformer().projections().stream()
                .flatMap(projection -> projection.deltas().stream())
                .collect(Collectors.groupingBy(LoraWeights::adapter, LinkedHashMap::new, Collectors.toList()));
        return byName.entrySet().stream()
                .map(entry -> "\"%s\" of rank %s, scale %s, dropout %s on %s"
                        .formatted(
                                entry.getKey(),
                                distinct(entry.getValue(), LoraWeights::rank),
                                distinct(entry.getValue(), LoraWeights::scale),
                                distinct(entry.getValue(), LoraWeights::dropout),
                                distinct(entry.getValue(), LoraWeights::target)))
                .toList();
    }

    private static String distinct(List<LoraWeights> deltas, Function<LoraWeights, Object> value) {
        return deltas.stream()
                .map(delta -> String.valueOf(value.apply(delta)))
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
