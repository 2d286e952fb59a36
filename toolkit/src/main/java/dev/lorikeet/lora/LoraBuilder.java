package dev.lorikeet.lora;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.model.AdapterSettings;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.ModelShape;
import dev.lorikeet.model.io.ModelLock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Builds a {@link LoraConfig} and puts an adapter of it on a model. Each method returns a new builder and leaves this one as
 * it is, so that several adapters can start from the same settings; a wrong value is refused at once.
 */
public final class LoraBuilder implements AdapterSettings {

    int rank;
    double alpha;
    LoraScaling scaling;
    double dropout;
    Bias bias;
    Targets targetModules;
    List<Integer> layersToTransform;
    List<String> layersPattern;
    List<String> modulesToSave;
    Map<String, Integer> rankPattern;
    Map<String, Double> alphaPattern;
    Init init;
    String name;
    long seed;

    LoraBuilder(LoraConfig config) {
        rank = config.rank();
        alpha = config.alpha();
        scaling = config.scaling();
        dropout = config.dropout();
        bias = config.bias();
        targetModules = config.targetModules();
        layersToTransform = config.layersToTransform();
        layersPattern = config.layersPattern();
        modulesToSave = config.modulesToSave();
        rankPattern = config.rankPattern();
        alphaPattern = config.alphaPattern();
        init = config.init();
        name = config.name();
        seed = config.seed();
    }

    /** The settings so far. */
    public LoraConfig build() {
        return new LoraConfig(
                rank,
                alpha,
                scaling,
                dropout,
                bias,
                targetModules,
                layersToTransform,
                layersPattern,
                modulesToSave,
                rankPattern,
                alphaPattern,
                init,
                name,
                seed);
    }

    private LoraBuilder with(Consumer<LoraBuilder> change) {
        return build().with(change).toBuilder();
    }

    /** Sets alpha: the scale on BA is alpha over the rank, or over its square root after {@link #rsLora}. */
    public LoraBuilder alpha(double value) {
        return with(next -> {
            next.alpha = value;
            next.scaling = scaling == LoraScaling.NONE ? LoraScaling.RANK : scaling;
        });
    }

    /** Sets another rank, and alpha with it, so that the scale on BA stays. */
    public LoraBuilder scaledToRank(int value) {
        return with(next -> {
            next.rank = value;
            next.alpha = alpha / scaling.divisor(rank) * scaling.divisor(value);
        });
    }

    /** Makes alpha the scale itself, not divided by the rank. */
    public LoraBuilder plainAlpha(double value) {
        return with(next -> {
            next.alpha = value;
            next.scaling = LoraScaling.NONE;
        });
    }

    /** Divides alpha by the square root of the rank, so that high ranks learn as fast as low ones (Kalajdzievski 2023). */
    public LoraBuilder rsLora() {
        return with(next -> next.scaling = LoraScaling.SQRT_RANK);
    }

    /** Sets the probability of zeroing an input of A in training; 0 unless set. */
    public LoraBuilder dropout(double value) {
        return with(next -> next.dropout = value);
    }

    /** Trains biases too; {@link Bias#NONE} unless set. */
    public LoraBuilder bias(Bias value) {
        return with(next -> next.bias = value);
    }

    /** Sets the target modules; {@link Targets#ALL_LINEAR} unless set. */
    public LoraBuilder on(Targets value) {
        return with(next -> next.targetModules = value);
    }

    /** Sets the target modules by name; see {@link Targets#named}. */
    public LoraBuilder on(String... names) {
        return on(Targets.named(List.of(names)));
    }

    /** Sets the target modules by name; see {@link Targets#named}. */
    public LoraBuilder on(List<String> names) {
        return on(Targets.named(names));
    }

    /** Adapts projections of these layers only; the first layer is 0. */
    public LoraBuilder layersToTransform(int... indices) {
        return with(
                next -> next.layersToTransform = Arrays.stream(indices).boxed().toList());
    }

    /** Names the lists of layers that {@link #layersToTransform} indexes, such as "h"; any list unless set. */
    public LoraBuilder layersPattern(String... names) {
        return with(next -> next.layersPattern = List.of(names));
    }

    /**
     * Trains these modules in full, as the adapter's own copies, and saves them with it: a head ("lm_head", "score"), a token
     * embedding ("embed_tokens", "wte") or any other module by the end of its path. They get no matrices.
     */
    public LoraBuilder modulesToSave(String... names) {
        return with(next -> next.modulesToSave = List.of(names));
    }

    /**
     * Sets another rank for some modules.
     *
     * @param pattern a regular expression for the end of a module's path; the first pattern that matches counts
     */
    public LoraBuilder rankPattern(String pattern, int value) {
        return with(next -> next.rankPattern = added(rankPattern, pattern, value));
    }

    /**
     * Sets another alpha for some modules.
     *
     * @param pattern a regular expression for the end of a module's path; the first pattern that matches counts
     */
    public LoraBuilder alphaPattern(String pattern, double value) {
        return with(next -> next.alphaPattern = added(alphaPattern, pattern, value));
    }

    private static <T> Map<String, T> added(Map<String, T> patterns, String pattern, T value) {
        Map<String, T> all = new LinkedHashMap<>(patterns);
        all.put(pattern, value);
        return all;
    }

    /** Sets how A and B are initialised; {@link Init#KAIMING} unless set. */
    public LoraBuilder init(Init value) {
        return with(next -> next.init = value);
    }

    /** Sets the adapter's name; "default" unless set. */
    public LoraBuilder named(String value) {
        return with(next -> next.name = value);
    }

    /** Sets the seed of the initialisation; 123 unless set. */
    public LoraBuilder seed(long value) {
        return with(next -> next.seed = value);
    }

    /**
     * Freezes the model and puts a new adapter on it, active together with those that are active already. The model's output
     * stays the same until the adapter is trained.
     *
     * @throws dev.lorikeet.base.UnknownNameException if a target, a module to save or a pattern matches nothing; it lists the
     *     names there are
     */
    public LoraAdapter inject(LanguageModel model) {
        try (ModelLock.Use use = BadArgumentException.required(model, "model").use("putting an adapter on it")) {
            return Injection.create(build(), model);
        }
    }

    @Override
    public List<AddedPart> addedTo(ModelShape shape) {
        return build().addedTo(shape);
    }

    @Override
    public String toString() {
        return build().toString();
    }
}
