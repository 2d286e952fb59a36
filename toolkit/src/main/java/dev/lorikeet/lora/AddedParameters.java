package dev.lorikeet.lora;

import dev.lorikeet.model.AdapterSettings.AddedPart;
import dev.lorikeet.model.LinearShape;
import dev.lorikeet.model.ModelShape;
import dev.lorikeet.model.ParameterShape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts what an adapter adds to a model of some shape, by the rules of {@link Injection}. */
final class AddedParameters {

    private AddedParameters() {}

    static List<AddedPart> of(LoraConfig given, ModelShape shape) {
        LoraConfig config = HeadModules.addedTo(given, shape);
        List<Target<LinearShape>> targets = Injection.targets(config, LinearLayers.of(shape));
        Set<LinearShape> adapted =
                targets.stream().map(Target::projection).collect(Collectors.toCollection(LinkedHashSet::new));
        Injection.checkPatterns(config, adapted);
        List<ParameterShape> all = shape.parameters();
        List<ParameterShape> saved = ModulesToSave.among(all, config, adapted);
        ModulesToSave.check(config, saved, all, adapted);
        List<AddedPart> added = new ArrayList<>();
        for (Target<LinearShape> target : targets) {
            String path = target.projection().path();
            int rank = config.rankOf(path);
            long size = rank * (target.projection().in() + target.rows());
            added.add(new AddedPart(config.name(), path, "LoRA rank %d on %s".formatted(rank, target.name()), size));
        }
        for (ParameterShape parameter : saved) {
            added.add(new AddedPart(config.name(), parameter.module(), "Own " + parameter.part(), parameter.size()));
        }
        return added;
    }
}
