package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.LoraWeights;
import dev.lorikeet.model.ParameterSlot;
import dev.lorikeet.model.Parameters;
import dev.lorikeet.model.Projection;
import dev.lorikeet.tensor.InitialValues;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Makes the matrices of an adapter and puts them on their projections. */
final class Injection {

    private Injection() {}

    /** A drawn, B zero; all is checked before the model is touched. */
    static LoraAdapter fresh(Lora settings, LanguageModel model) {
        List<Target> targets = targets(settings, model);
        Set<Projection> projections =
                targets.stream().map(Target::projection).collect(Collectors.toCollection(LinkedHashSet::new));
        List<ParameterSlot> wanted = ModulesToSave.wanted(settings, model, projections);
        checkPatterns("rank", settings.rankPattern().keySet(), projections);
        checkPatterns("alpha", settings.alphaPattern().keySet(), projections);
        ModulesToSave.check(settings, model, wanted, projections);
        model.adapters().checkFree(settings.name());
        model.freeze(true);
        SplittableRandom random = new SplittableRandom(settings.seed());
        return new LoraAdapter(
                settings,
                model,
                targets.stream()
                        .map(target -> fresh(settings, target, model.manager(), random))
                        .toList(),
                wanted.stream()
                        .map(slot -> ModulesToSave.fresh(settings.name(), slot))
                        .toList());
    }

    /** The targets that are in the layers asked for and not saved whole. */
    private static List<Target> targets(Lora settings, LanguageModel model) {
        int layers = model.config().layers();
        settings.layers()
                .forEach(layer -> BadArgumentException.unless(
                        layer >= 0 && layer < layers, "layer", layer, "0 to " + (layers - 1)));
        BadArgumentException.unless(
                settings.layersPattern().isEmpty() || !settings.layers().isEmpty(),
                "layers pattern",
                settings.layersPattern(),
                "layers(…) beside it");
        List<Target> found = settings.targets().in(model).stream()
                .filter(target -> isAdapted(settings, target.projection()))
                .toList();
        BadArgumentException.unless(
                !found.isEmpty(),
                "targets",
                settings.targets(),
                "projections in the layers %s%s that are not saved whole"
                        .formatted(settings.layers(), settings.layersPattern()));
        return found;
    }

    /** Whether a projection that is targeted gets matrices. */
    static boolean isAdapted(Lora settings, Projection projection) {
        return PeftNames.isInLayers(projection.path(), settings.layers(), settings.layersPattern())
                && !PeftNames.isKeptFromMatrices(projection.path(), settings.modulesToSave());
    }

    private static void checkPatterns(String kind, Collection<String> patterns, Collection<Projection> projections) {
        for (String pattern : patterns) {
            if (projections.stream().noneMatch(projection -> PeftNames.matches(projection.path(), pattern))) {
                throw new UnknownNameException(
                        "target for the " + kind + " pattern",
                        pattern,
                        projections.stream().map(Projection::name).collect(Collectors.toSet()));
            }
        }
    }

    private static LoraAdapter.Placed fresh(Lora settings, Target target, NDManager manager, SplittableRandom random) {
        String path = target.projection().path();
        int rank = settings.rankOf(path);
        long in = target.projection().in();
        NDArray a = InitialValues.draw(
                manager, new Shape(rank, in), () -> settings.init().draw(random, in, rank));
        Shape shape = new Shape(target.rows(), rank);
        NDArray b = settings.init() == Init.RANDOM_B
                ? InitialValues.draw(manager, shape, () -> Init.drawB(random, rank))
                : manager.zeros(shape, DataType.FLOAT32);
        return place(settings, target, a, b, settings.scaleOf(path, rank));
    }

    /** @param a in the model's manager, as {@code b} */
    static LoraAdapter.Placed place(Lora settings, Target target, NDArray a, NDArray b, double scale) {
        Parameter first = Parameters.trainable("lora_A", a);
        Parameter second = Parameters.trainable("lora_B", b);
        LoraWeights delta = new LoraWeights(
                settings.name(), target.name(), first, second, scale, settings.dropout(), target.firstRow());
        target.projection().add(delta);
        return new LoraAdapter.Placed(target.projection(), delta);
    }
}
