package dev.lorikeet.lora;

import dev.lorikeet.lora.names.PeftPaths;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.Projection;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds the shortest names that, to PEFT as well, match exactly the given projections among the layers that an adapter
 * transforms.
 */
final class TargetNames {

    private TargetNames() {}

    /** Returns names of targets; a slice of a fused projection goes by its own name. */
    static List<String> of(Collection<Target<Projection>> targets, LanguageModel model, LoraConfig config) {
        Set<Projection> whole = targets.stream()
                .filter(target -> target.rows() == target.projection().out())
                .map(Target::projection)
                .collect(Collectors.toSet());
        return targets.stream()
                .map(target -> whole.contains(target.projection())
                        ? name(target.projection(), whole, model, config)
                        : target.name())
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns names of whole projections. */
    static List<String> ofProjections(Collection<Projection> projections, LanguageModel model, LoraConfig config) {
        return projections.stream()
                .map(projection -> name(projection, projections, model, config))
                .distinct()
                .sorted()
                .toList();
    }

    private static String name(
            Projection projection, Collection<Projection> chosen, LanguageModel model, LoraConfig config) {
        Predicate<Projection> meant = other -> chosen.contains(other) || !Injection.isAdapted(config, other);
        return shared(projection, model, meant) ? projection.name() : new PeftPaths(model).path(projection.path());
    }

    /** Returns the projection's name if all projections of that name have the same value, else its path. */
    static String key(Projection projection, LanguageModel model, Function<Projection, Object> value) {
        Object own = value.apply(projection);
        return shared(projection, model, other -> own.equals(value.apply(other)))
                ? projection.name()
                : new PeftPaths(model).path(projection.path());
    }

    private static boolean shared(Projection projection, LanguageModel model, Predicate<Projection> holds) {
        return model.transformer().projections().stream()
                .filter(other -> other.name().equals(projection.name()))
                .allMatch(holds);
    }
}
