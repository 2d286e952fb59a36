package dev.lorikeet.lora;

import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.Projection;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Names for some of a model's projections that, within the layers that an adapter is about, mean those and no others, to PEFT
 * as well: short ones where they do.
 */
final class TargetNames {

    private TargetNames() {}

    /** For targets, where slices have names of their own. */
    static List<String> of(Collection<Target> targets, LanguageModel model, Lora settings) {
        Set<Projection> whole = targets.stream()
                .filter(target -> target.rows() == target.projection().out())
                .map(Target::projection)
                .collect(Collectors.toSet());
        return targets.stream()
                .map(target -> whole.contains(target.projection())
                        ? name(target.projection(), whole, model, settings)
                        : target.name())
                .distinct()
                .sorted()
                .toList();
    }

    static List<String> ofProjections(Collection<Projection> projections, LanguageModel model, Lora settings) {
        return projections.stream()
                .map(projection -> name(projection, projections, model, settings))
                .distinct()
                .sorted()
                .toList();
    }

    private static String name(
            Projection projection, Collection<Projection> chosen, LanguageModel model, Lora settings) {
        Predicate<Projection> meant = other -> chosen.contains(other) || !Injection.isAdapted(settings, other);
        return shared(projection, model, meant) ? projection.name() : projection.path();
    }

    /** The projection's name if what is asked for has the same answer for all of that name, else its path. */
    static String key(Projection projection, LanguageModel model, Function<Projection, Object> value) {
        Object own = value.apply(projection);
        return shared(projection, model, other -> own.equals(value.apply(other)))
                ? projection.name()
                : projection.path();
    }

    private static boolean shared(Projection projection, LanguageModel model, Predicate<Projection> holds) {
        return model.transformer().projections().stream()
                .filter(other -> other.name().equals(projection.name()))
                .allMatch(holds);
    }
}
