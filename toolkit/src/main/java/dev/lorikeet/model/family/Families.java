package dev.lorikeet.model.family;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.GgufFields;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The families of models that the toolkit knows, and a place to add one. */
public final class Families {

    private static final List<Family> ALL = new CopyOnWriteArrayList<>(List.of(
            Gpt2.FAMILY,
            Llama.FAMILY,
            Mistral.FAMILY,
            Qwen2.FAMILY,
            Qwen3.FAMILY,
            Gemma2.FAMILY,
            Gemma3.FAMILY,
            Phi3.FAMILY,
            SmolLm3.FAMILY,
            Olmo2.FAMILY,
            Granite.FAMILY,
            Bert.FAMILY,
            Roberta.FAMILY,
            Roberta.XLM,
            DistilBert.FAMILY,
            ModernBert.FAMILY));

    private Families() {}

    /** Adds a family, or replaces the one of its name; then models of it load and are saved. */
    public static synchronized void register(Family family) {
        ALL.removeIf(other -> other.name().equals(family.name()));
        ALL.add(family);
    }

    /** Lists the names of all families. */
    public static List<String> names() {
        return ALL.stream().map(Family::name).toList();
    }

    /** The family of a name, as {@link dev.lorikeet.model.config.ModelConfig#family} has it. */
    public static Family named(String name) {
        return ALL.stream()
                .filter(family -> family.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UnknownNameException("model family", name, names()));
    }

    /**
     * Finds the family of a config.json.
     *
     * @throws UnknownNameException if it is none of those that are supported; it lists them
     */
    static Family ofModelType(String type, Path file) {
        return find(type, "model_type", file, Family::name);
    }

    /** Finds the family of a GGUF file. */
    static Family ofGguf(String architecture, TensorFile file) {
        Family first = find(architecture, GgufFields.ARCHITECTURE, file.path(), Family::gguf);
        GgufFields fields = GgufFields.of(file, architecture);
        return ALL.stream()
                .filter(family -> family.gguf().equals(architecture)
                        && family.ggufCondition()
                                .filter(condition -> condition.test(fields))
                                .isPresent())
                .findFirst()
                .orElse(first);
    }

    private static Family find(String wanted, String key, Path file, Function<Family, String> name) {
        List<String> known =
                ALL.stream().map(name).filter(one -> !one.isEmpty()).distinct().toList();
        return ALL.stream()
                .filter(family -> name.apply(family).equals(wanted))
                .findFirst()
                .orElseThrow(() -> Unsupported.reason(wanted)
                        .map(reason -> (RuntimeException) new BadFileException(
                                file,
                                "has the %s \"%s\", %s, which is not supported; supported are %s"
                                        .formatted(key, wanted, reason, String.join(", ", known))))
                        .orElseGet(() -> new UnknownNameException(
                                "architecture (%s in %s)".formatted(key, file), wanted, known)));
    }
}
