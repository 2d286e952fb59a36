package dev.lorikeet.lora;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.model.LanguageModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Settings of a low-rank adapter (Hu et al. 2021): W + scale · BA with A (rank, in) and B (out, rank). Immutable; each
 * method gives a changed copy. What PEFT calls the task type follows from the model: CAUSAL_LM or SEQ_CLS.
 *
 * @param rank of A and B
 * @param alpha scale is alpha over what {@code scaling} says
 * @param scaling what alpha is divided by
 * @param dropout probability of zeroing an input of A while training
 * @param bias which biases are trained too
 * @param targets the projections to adapt
 * @param layers numbers of the layers whose projections are adapted; none: all
 * @param layersPattern names of the list of layers that is meant; none: any
 * @param modulesToSave modules that are trained and saved whole, as a copy of the adapter's own
 * @param rankPattern ranks of the modules that differ from {@code rank}, by regular expressions for the end of their path
 * @param alphaPattern alphas of the modules that differ from {@code alpha}
 * @param init how A is drawn
 * @param name of the adapter
 * @param seed of A's numbers
 */
public record Lora(
        int rank,
        double alpha,
        Scaling scaling,
        double dropout,
        Bias bias,
        Targets targets,
        List<Integer> layers,
        List<String> layersPattern,
        List<String> modulesToSave,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        Init init,
        String name,
        long seed) {

    public Lora {
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
        layers = List.copyOf(layers);
        layersPattern = List.copyOf(layersPattern);
        modulesToSave = List.copyOf(modulesToSave);
        rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
        alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
    }

    private static void checkRank(String what, int rank) {
        BadArgumentException.unless(rank > 0, what, rank, "at least 1");
    }

    private static void checkAlpha(String what, double alpha) {
        BadArgumentException.unless(alpha > 0, what, alpha, "more than 0");
    }

    private static void checkExpression(String what, String expression) {
        try {
            Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new BadArgumentException(what, expression, "a regular expression (" + e.getDescription() + ")");
        }
    }

    /** An adapter of this rank on every linear layer: alpha equal to the rank, no dropout, PEFT's initialisation. */
    public static Lora rank(int rank) {
        return new Lora(
                rank,
                rank,
                Scaling.RANK,
                0,
                Bias.NONE,
                Targets.ALL_LINEAR,
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Init.KAIMING,
                "default",
                123);
    }

    /** Other values for some of the settings. */
    Lora with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    public Lora alpha(double value) {
        return with(draft -> {
            draft.alpha = value;
            draft.scaling = scaling == Scaling.NONE ? Scaling.RANK : scaling;
        });
    }

    /** Makes alpha the scale itself, not divided by the rank. */
    public Lora plainAlpha(double value) {
        return with(draft -> {
            draft.alpha = value;
            draft.scaling = Scaling.NONE;
        });
    }

    /** Divides alpha by the root of the rank, so that high ranks learn as fast as low ones (Kalajdzievski 2023). */
    public Lora rsLora() {
        return with(draft -> draft.scaling = Scaling.ROOT_OF_RANK);
    }

    public Lora dropout(double value) {
        return with(draft -> draft.dropout = value);
    }

    /** Trains biases too; {@link Bias#NONE} unless set. */
    public Lora bias(Bias value) {
        return with(draft -> draft.bias = value);
    }

    public Lora on(Targets value) {
        return with(draft -> draft.targets = value);
    }

    /** Adapts the projections with these names; see {@link Targets#named}. */
    public Lora on(String... names) {
        return on(Targets.named(List.of(names)));
    }

    /** Adapts the projections with these names; see {@link Targets#named}. */
    public Lora on(List<String> names) {
        return on(Targets.named(names));
    }

    /** Adapts projections of these layers only, numbered from 0. */
    public Lora layers(int... numbers) {
        return with(draft -> draft.layers = Arrays.stream(numbers).boxed().toList());
    }

    /** Where a model has several lists of layers, which of them {@link #layers(int...)} is about, such as "h". */
    public Lora layersPattern(String... names) {
        return with(draft -> draft.layersPattern = List.of(names));
    }

    /**
     * Trains these modules whole, as copies of the adapter's own that are saved with it: a head ("lm_head", "score"), a
     * table ("embed_tokens", "wte") or any other module by the end of its path. They get no matrices.
     */
    public Lora modulesToSave(String... names) {
        return with(draft -> draft.modulesToSave = List.of(names));
    }

    /** Another rank for the modules whose path ends as a regular expression says; the first that matches counts. */
    public Lora rankPattern(String pattern, int value) {
        return with(draft -> draft.rankPattern = added(rankPattern, pattern, value));
    }

    /** Another alpha for the modules whose path ends as a regular expression says; the first that matches counts. */
    public Lora alphaPattern(String pattern, double value) {
        return with(draft -> draft.alphaPattern = added(alphaPattern, pattern, value));
    }

    private static <T> Map<String, T> added(Map<String, T> patterns, String pattern, T value) {
        Map<String, T> all = new LinkedHashMap<>(patterns);
        all.put(pattern, value);
        return all;
    }

    public Lora init(Init value) {
        return with(draft -> draft.init = value);
    }

    public Lora named(String value) {
        return with(draft -> draft.name = value);
    }

    public Lora seed(long value) {
        return with(draft -> draft.seed = value);
    }

    /** The factor on BA, where no pattern says otherwise. */
    public double scale() {
        return alpha / scaling.divisor(rank);
    }

    /** The rank of a module by its path. */
    int rankOf(String path) {
        return PeftNames.valueOf(path, rankPattern, rank);
    }

    double alphaOf(String path) {
        return PeftNames.valueOf(path, alphaPattern, alpha);
    }

    /** The factor on BA for a module by its path. */
    double scaleOf(String path, long rank) {
        return alphaOf(path) / scaling.divisor(rank);
    }

    /**
     * Freezes the model and puts a fresh adapter on it, active beside those that are active already. The model's output stays
     * the same until the adapter is trained.
     *
     * @throws dev.lorikeet.base.UnknownNameException if a target, a module to save or a pattern matches nothing; it lists the
     *     names there are
     */
    public LoraAdapter inject(LanguageModel model) {
        return Injection.fresh(this, model);
    }

    /**
     * Puts a saved adapter on a model: one written by {@link LoraAdapter#save} or by PEFT.
     *
     * @param folder with adapter_config.json and adapter_model.safetensors
     * @throws dev.lorikeet.base.BadFileException if they cannot be read or do not fit the model, which stays as it was
     */
    public static LoraAdapter load(Path folder, LanguageModel model) {
        return load(
                folder,
                model,
                String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
    }

    /** As {@link #load(Path, LanguageModel)}, under a name of one's own instead of the folder's. */
    public static LoraAdapter load(Path folder, LanguageModel model, String name) {
        return AdapterReader.read(folder, model, name);
    }

    /**
     * The labels of the classifier that {@link LoraAdapter#save} wrote an adapter of, in the order of its classes; none for
     * another adapter, and for one that PEFT wrote.
     *
     * @param folder with adapter_config.json and adapter_model.safetensors
     * @throws dev.lorikeet.base.BadFileException if they cannot be read
     */
    public static List<String> labels(Path folder) {
        return AdapterReader.labels(folder);
    }
}
