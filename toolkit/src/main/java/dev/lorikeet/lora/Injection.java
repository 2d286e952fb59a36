package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.lora.names.PeftNames;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.Linear;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Parameters;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.tensor.InitialValues;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Creates the matrices A and B of an adapter and puts them on their projections. */
final class Injection {

    /** Up to here ranks are usual, and let pass on the narrow layers of toy models too. */
    private static final long USUAL_RANK = 64;

    private Injection() {}

    /** Creates a new adapter: A random, B zero, unless the configuration says otherwise. It checks everything before it touches the model. */
    static LoraAdapter create(LoraConfig given, LanguageModel model) {
        LoraConfig config = HeadModules.addedTo(given, model);
        List<Target<Projection>> targets = targets(config, LinearLayers.of(model));
        Set<Projection> projections =
                targets.stream().map(Target::projection).collect(Collectors.toCollection(LinkedHashSet::new));
        List<ParameterSlot> saved = ModulesToSave.among(model.transformer().slots(), config, projections);
        checkPatterns(config, projections);
        ModulesToSave.check(config, saved, model.transformer().slots(), projections);
        ModulesToSave.checkFree(config, model, saved);
        model.adapters().checkFree(config.name());
        targets.forEach(target -> checkRank(config, target));
        model.freeze(true);
        SplittableRandom random = new SplittableRandom(config.seed());
        return new LoraAdapter(
                config,
                model,
                targets.stream()
                        .map(target -> createWeights(config, target, model.manager(), random))
                        .toList(),
                saved.stream()
                        .map(slot -> ModulesToSave.create(config.name(), slot))
                        .toList());
    }

    /** Refuses a rank above both sides of a layer: BA then has more elements than the layer, and can express nothing more. */
    private static void checkRank(LoraConfig config, Target<Projection> target) {
        Projection projection = target.projection();
        long most = Math.max(USUAL_RANK, Math.max(projection.in(), target.rows()));
        int rank = config.rankOf(projection.path());
        BadArgumentException.unless(
                rank <= most,
                "rank",
                rank,
                String.format(
                        Locale.ROOT,
                        "at most %,d for \"%s\", a layer of %,d × %,d; rankPattern(…) sets another rank for some layers",
                        most,
                        projection.path(),
                        target.rows(),
                        projection.in()));
    }

    /** Returns the targets in the layers to transform that are not modules to save. */
    static <L extends Linear> List<Target<L>> targets(LoraConfig config, LinearLayers<L> model) {
        int layerCount = model.layerCount();
        config.layersToTransform()
                .forEach(layer -> BadArgumentException.unless(
                        layer >= 0 && layer < layerCount, "layer", layer, "0 to " + (layerCount - 1)));
        BadArgumentException.unless(
                config.layersPattern().isEmpty() || !config.layersToTransform().isEmpty(),
                "layers pattern",
                config.layersPattern(),
                "layersToTransform(…) as well");
        List<Target<L>> found = config.targetModules().in(model).stream()
                .filter(target -> isAdapted(config, target.projection()))
                .toList();
        BadArgumentException.unless(
                !found.isEmpty(),
                "target modules",
                config.targetModules(),
                "projections in the layers %s%s that are not modules to save"
                        .formatted(config.layersToTransform(), config.layersPattern()));
        return found;
    }

    /** Whether a targeted projection gets matrices: it is in the layers to transform and no module to save. */
    static boolean isAdapted(LoraConfig config, Linear projection) {
        return PeftNames.isInLayers(projection.path(), config.layersToTransform(), config.layersPattern())
                && !PeftNames.isExcludedFromLora(projection.path(), config.modulesToSave());
    }

    /** Checks that each pattern of a rank or an alpha matches one of the targets. */
    static void checkPatterns(LoraConfig config, Collection<? extends Linear> targets) {
        checkPatterns("rank", config.rankPattern().keySet(), targets);
        checkPatterns("alpha", config.alphaPattern().keySet(), targets);
    }

    private static void checkPatterns(
            String kind, Collection<String> patterns, Collection<? extends Linear> projections) {
        for (String pattern : patterns) {
            if (projections.stream().noneMatch(projection -> PeftNames.matches(projection.path(), pattern))) {
                throw new UnknownNameException(
                        "target for the " + kind + " pattern",
                        pattern,
                        projections.stream().map(Linear::name).collect(Collectors.toSet()));
            }
        }
    }

    private static LoraAdapter.AdaptedProjection createWeights(
            LoraConfig config, Target<Projection> target, NDManager manager, SplittableRandom random) {
        String path = target.projection().path();
        int rank = config.rankOf(path);
        long in = target.projection().in();
        NDArray a = InitialValues.draw(
                manager, new Shape(rank, in), () -> config.init().draw(random, in, rank));
        Shape shape = new Shape(target.rows(), rank);
        NDArray b = config.init() == Init.RANDOM_B
                ? InitialValues.draw(manager, shape, () -> Init.drawB(random, rank))
                : manager.zeros(shape, DataType.FLOAT32);
        return attach(config, target, a, b, config.scaleOf(path, rank));
    }

    /** Puts A and B, arrays in the model's manager, on a projection. */
    static LoraAdapter.AdaptedProjection attach(
            LoraConfig config, Target<Projection> target, NDArray a, NDArray b, double scale) {
        Parameter loraA = Parameters.trainable("lora_A", a);
        Parameter loraB = Parameters.trainable("lora_B", b);
        LoraWeights weights =
                new LoraWeights(config.name(), target.name(), loraA, loraB, scale, config.dropout(), target.firstRow());
        target.projection().add(weights);
        return new LoraAdapter.AdaptedProjection(target.projection(), weights);
    }
}
