package dev.lorikeet.lora;

import dev.lorikeet.model.Delta;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.Projection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The adapters in effect on a model, found by what its projections carry. */
public final class CarriedAdapters {

    private CarriedAdapters() {}

    /**
     * Writes them as {@link LoraAdapter#save} does: a single one into {@code folder} itself, several each into a folder of its
     * name within. Nothing is written of a model without.
     */
    public static void save(Path folder, LanguageModel model) {
        List<LoraAdapter> all = on(model);
        for (LoraAdapter adapter : all) {
            AdapterWriter.write(all.size() == 1 ? folder : folder.resolve(adapter.name()), adapter);
        }
    }

    /** Each adapter in a few words, in the order of the layers that carry them: what a training with it depends on. */
    public static List<String> describe(LanguageModel model) {
        return on(model).stream()
                .map(adapter -> "\"%s\" of rank %s, scale %s, dropout %s on %s"
                        .formatted(
                                adapter.name(),
                                distinct(adapter, Delta::rank),
                                distinct(adapter, Delta::scale),
                                distinct(adapter, Delta::dropout),
                                distinct(adapter, Delta::target)))
                .toList();
    }

    private static String distinct(LoraAdapter adapter, Function<Delta, Object> value) {
        return adapter.placed().stream()
                .map(placed -> String.valueOf(value.apply(placed.delta())))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static List<LoraAdapter> on(LanguageModel model) {
        Map<String, List<LoraAdapter.Placed>> byName = new LinkedHashMap<>();
        for (Projection projection : model.transformer().projections()) {
            for (Delta delta : projection.deltas()) {
                byName.computeIfAbsent(delta.adapter(), name -> new ArrayList<>())
                        .add(new LoraAdapter.Placed(projection, delta));
            }
        }
        List<LoraAdapter> adapters = new ArrayList<>();
        byName.forEach((name, placed) -> adapters.add(new LoraAdapter(settings(name, placed, model), model, placed)));
        return adapters;
    }

    /** As far as the matrices tell; where they differ among themselves, the writer says so pattern by pattern. */
    private static Lora settings(String name, List<LoraAdapter.Placed> placed, LanguageModel model) {
        Delta first = placed.get(0).delta();
        int rank = (int) first.rank();
        List<Projection> projections =
                placed.stream().map(LoraAdapter.Placed::projection).distinct().toList();
        return Lora.rank(rank)
                .alpha(first.scale() * rank)
                .dropout(first.dropout())
                .on(TargetNames.ofProjections(projections, model))
                .named(name);
    }
}
