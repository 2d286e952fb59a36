package dev.lorikeet.lora;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Regex;
import dev.lorikeet.lora.names.PeftNames;
import dev.lorikeet.model.AdapterSettings;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.ModelShape;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The configuration of a low-rank adapter (Hu et al. 2021): W + scale · BA with A (rank, in) and B (out, rank). The names are
 * PEFT's. {@link Lora#rank} builds one. The task type follows from the model: CAUSAL_LM or SEQ_CLS.
 *
 * @param rank the rank r of A and B
 * @param alpha the scale before {@code scaling} divides it
 * @param scaling what alpha is divided by
 * @param dropout probability of zeroing an input of A in training
 * @param bias which biases are trained too
 * @param targetModules the projections that get matrices
 * @param layersToTransform indices of the layers whose projections are adapted; empty: all layers
 * @param layersPattern names of the layer lists that {@code layersToTransform} indexes; empty: any
 * @param modulesToSave modules that are trained and saved in full, as the adapter's own copy
 * @param rankPattern ranks that differ from {@code rank}, by regular expressions for the end of a module's path
 * @param alphaPattern alphas that differ from {@code alpha}, by such expressions
 * @param init how A and B are initialised
 * @param name the adapter's name
 * @param seed seed of the initialisation
 */
public record LoraConfig(
        int rank,
        double alpha,
        LoraScaling scaling,
        double dropout,
        Bias bias,
        Targets targetModules,
        List<Integer> layersToTransform,
        List<String> layersPattern,
        List<String> modulesToSave,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        Init init,
        String name,
        long seed)
        implements AdapterSettings, Serializable {

    /** Above the width of every known layer; a layer's own sizes are checked when the adapter is put on it. */
    private static final int LARGEST_RANK = 1_000_000;

    /** Far above any that is used, and so small that products with it stay finite. */
    private static final double LARGEST_ALPHA = 1e6;

    public LoraConfig {
        BadArgumentException.required(scaling, "scaling");
        BadArgumentException.required(bias, "bias");
        BadArgumentException.required(targetModules, "target modules");
        BadArgumentException.required(init, "init");
        BadArgumentException.required(name, "adapter name");
        checkRank("rank", rank);
        checkAlpha("alpha", alpha);
        BadArgumentException.unless(dropout >= 0 && dropout < 1, "dropout", dropout, "at least 0 and less than 1");
        rankPattern.forEach((pattern, value) -> checkRank("rank of " + pattern, value));
        alphaPattern.forEach((pattern, value) -> checkAlpha("alpha of " + pattern, value));
        rankPattern.keySet().forEach(pattern -> checkExpression("rank pattern", pattern));
        alphaPattern.keySet().forEach(pattern -> checkExpression("alpha pattern", pattern));
        layersPattern.forEach(pattern -> checkExpression("layers pattern", pattern));
        modulesToSave.forEach(
                module -> BadArgumentException.unless(!module.isBlank(), "module to save", module, "a name"));
        layersToTransform = List.copyOf(layersToTransform);
        layersPattern = List.copyOf(layersPattern);
        modulesToSave = List.copyOf(modulesToSave);
        rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
        alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
    }

    private static void checkRank(String what, int rank) {
        BadArgumentException.unless(
                rank > 0 && rank <= LARGEST_RANK, what, rank, "at least 1 and at most " + LARGEST_RANK);
    }

    private static void checkAlpha(String what, double alpha) {
        BadArgumentException.unless(
                alpha > 0 && alpha <= LARGEST_ALPHA, what, alpha, "more than 0 and at most " + LARGEST_ALPHA);
    }

    private static void checkExpression(String what, String expression) {
        Regex.compile(what, expression);
    }

    /** A builder that starts from this configuration. */
    public LoraBuilder toBuilder() {
        return new LoraBuilder(this);
    }

    /** Freezes the model and puts a new adapter on it, as {@link LoraBuilder#inject} does. */
    public LoraAdapter inject(LanguageModel model) {
        return toBuilder().inject(model);
    }

    @Override
    public List<AddedPart> addedTo(ModelShape shape) {
        return AddedParameters.of(this, shape);
    }

    /** Returns a copy with some values changed. */
    LoraConfig with(Consumer<LoraBuilder> change) {
        LoraBuilder builder = toBuilder();
        change.accept(builder);
        return builder.build();
    }

    /** The scale on BA, where no pattern says otherwise. */
    public double scale() {
        return alpha / scaling.divisor(rank);
    }

    /** The rank of a module by its path. */
    int rankOf(String path) {
        return PeftNames.valueOf(path, rankPattern, rank);
    }

    /** The alpha of a module by its path. */
    double alphaOf(String path) {
        return PeftNames.valueOf(path, alphaPattern, alpha);
    }

    /** The scale on BA for a module by its path. */
    double scaleOf(String path, long rank) {
        return alphaOf(path) / scaling.divisor(rank);
    }
}
