package dev.lorikeet.lora;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.model.LanguageModel;
import java.nio.file.Path;
import java.util.List;

/**
 * Settings of a low-rank adapter (Hu et al. 2021): W + scale · BA with A (rank, in) and B (out, rank). Immutable; each
 * method gives a changed copy.
 *
 * @param rank of A and B
 * @param alpha scale is alpha / rank, or alpha itself with {@code plainAlpha}
 * @param dropout probability of zeroing an input of A while training
 * @param targets the projections to adapt
 * @param init how A is drawn
 * @param plainAlpha whether alpha is the scale itself, as in Appendix E of "LLMs from scratch"
 * @param name of the adapter
 * @param seed of A's numbers
 */
public record Lora(
        int rank,
        double alpha,
        double dropout,
        Targets targets,
        Init init,
        boolean plainAlpha,
        String name,
        long seed) {

    public Lora {
        BadArgumentException.unless(rank > 0, "rank", rank, "at least 1");
        BadArgumentException.unless(alpha > 0, "alpha", alpha, "more than 0");
        BadArgumentException.unless(dropout >= 0 && dropout < 1, "dropout", dropout, "at least 0 and less than 1");
    }

    /** An adapter of this rank on every linear layer: alpha equal to the rank, no dropout, PEFT's initialisation. */
    public static Lora rank(int rank) {
        return new Lora(rank, rank, 0, Targets.ALL_LINEAR, Init.KAIMING, false, "default", 123);
    }

    public Lora alpha(double value) {
        return new Lora(rank, value, dropout, targets, init, false, name, seed);
    }

    /** Makes alpha the scale itself, not divided by the rank. */
    public Lora plainAlpha(double value) {
        return new Lora(rank, value, dropout, targets, init, true, name, seed);
    }

    public Lora dropout(double value) {
        return new Lora(rank, alpha, value, targets, init, plainAlpha, name, seed);
    }

    public Lora on(Targets value) {
        return new Lora(rank, alpha, dropout, value, init, plainAlpha, name, seed);
    }

    /** Adapts the projections with these names; see {@link Targets#named}. */
    public Lora on(String... names) {
        return on(Targets.named(List.of(names)));
    }

    /** Adapts the projections with these names; see {@link Targets#named}. */
    public Lora on(List<String> names) {
        return on(Targets.named(names));
    }

    public Lora init(Init value) {
        return new Lora(rank, alpha, dropout, targets, value, plainAlpha, name, seed);
    }

    public Lora named(String value) {
        return new Lora(rank, alpha, dropout, targets, init, plainAlpha, value, seed);
    }

    public Lora seed(long value) {
        return new Lora(rank, alpha, dropout, targets, init, plainAlpha, name, value);
    }

    /** The factor on BA. */
    public double scale() {
        return plainAlpha ? alpha : alpha / rank;
    }

    /**
     * Freezes the model and puts a fresh adapter on it. The model's output stays the same until the adapter is trained.
     *
     * @throws dev.lorikeet.base.UnknownNameException if a target matches nothing; it lists the names there are
     */
    public LoraAdapter inject(LanguageModel model) {
        List<Target> found = targets.in(model);
        Injection.checkFree(model, name);
        model.freeze(true);
        return Injection.fresh(this, model, found);
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
}
