package dev.lorikeet.lora;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Regex;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.block.Linear;
import dev.lorikeet.model.family.Families;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The target modules of an adapter: the projections that get matrices. */
public abstract class Targets implements Serializable {

    /**
     * Every linear layer, with query, key and value adapted separately, and a classifier's head, as in Appendix E of "LLMs from
     * scratch". A head that is tied to the token embedding is left out, and that of an encoder, which is trained in full.
     */
    public static final Targets ALL_LINEAR = new Constant("ALL_LINEAR") {
        @Override
        <L extends Linear> List<Target<L>> in(LinearLayers<L> model) {
            return model.all().stream()
                    .filter(projection -> projection != model.head() || !model.isHeadTied() && !model.isEncoder())
                    .flatMap(projection -> Target.unfused(projection).stream())
                    .toList();
        }
    };

    /** Every linear layer but the head, with GPT-2's fused attention as one layer: PEFT's "all-linear". */
    public static final Targets ALL_LINEAR_FUSED = new Constant("ALL_LINEAR_FUSED") {
        @Override
        <L extends Linear> List<Target<L>> in(LinearLayers<L> model) {
            return model.all().stream()
                    .filter(projection -> projection != model.head())
                    .map(projection -> Target.whole(projection))
                    .toList();
        }
    };

    /** The linear layers that PEFT adapts where no target modules are named: query and value in most families, GPT-2's fused attention. */
    public static final Targets PEFT_DEFAULT = new Constant("PEFT_DEFAULT") {
        @Override
        <L extends Linear> List<Target<L>> in(LinearLayers<L> model) {
            return named(Families.named(model.family()).defaultTargets()).in(model);
        }
    };

    private Targets() {}

    /** Returns the targets in a model, in the order of its layers; never empty. */
    abstract <L extends Linear> List<Target<L>> in(LinearLayers<L> model);

    /**
     * Selects projections by name: the last part of their path in PEFT ("q_proj", "c_attn", "score"), the end of it
     * ("mlp.c_proj"), or a slice of a fused one ("query", "key", "value").
     *
     * @throws UnknownNameException on injection, if a name matches nothing; it lists the known names
     */
    public static Targets named(Collection<String> names) {
        BadArgumentException.unless(!names.isEmpty(), "target modules", names, "at least one name");
        return new Named(List.copyOf(names));
    }

    /** Selects projections whose full path matches a regular expression, such as ".*\.[0-3]\.self_attn\.[qv]_proj". */
    public static Targets matching(String regex) {
        return new Matching(Regex.compile("target modules", regex));
    }

    private static Set<String> namesIn(LinearLayers<?> model) {
        Set<String> names = new TreeSet<>();
        for (Linear projection : model.all()) {
            names.add(projection.name());
            projection.slices().forEach(slice -> names.add(slice.name()));
        }
        return names;
    }

    /** One of the constants; the same one when it is read from bytes. */
    private abstract static class Constant extends Targets {

        private final String name;

        Constant(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }

        Object readResolve() {
            return Stream.of(ALL_LINEAR, ALL_LINEAR_FUSED, PEFT_DEFAULT)
                    .filter(constant -> constant.toString().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static final class Named extends Targets {

        private final List<String> names;

        Named(List<String> names) {
            this.names = names;
        }

        @Override
        <L extends Linear> List<Target<L>> in(LinearLayers<L> model) {
            List<Target<L>> found = new ArrayList<>();
            Set<String> unmatched = new TreeSet<>(names);
            for (L projection : model.all()) {
                for (String name : names) {
                    if (projection.path().equals(name) || projection.path().endsWith("." + name)) {
                        found.add(Target.whole(projection));
                        unmatched.remove(name);
                    }
                    Target.slice(projection, name).ifPresent(slice -> {
                        found.add(slice);
                        unmatched.remove(name);
                    });
                }
            }
            if (!unmatched.isEmpty()) {
                throw new UnknownNameException(
                        "target module", unmatched.iterator().next(), namesIn(model));
            }
            return found.stream().distinct().toList();
        }

        @Override
        public String toString() {
            return String.join(", ", names);
        }
    }

    private static final class Matching extends Targets {

        private final Pattern pattern;

        Matching(Pattern pattern) {
            this.pattern = pattern;
        }

        @Override
        <L extends Linear> List<Target<L>> in(LinearLayers<L> model) {
            List<Target<L>> found = model.all().stream()
                    .filter(projection -> Regex.matches(pattern, projection.path()))
                    .map(projection -> Target.whole(projection))
                    .toList();
            if (found.isEmpty()) {
                List<String> paths = model.all().stream().map(Linear::path).toList();
                throw new UnknownNameException("target module matching", pattern.pattern(), paths);
            }
            return found;
        }

        @Override
        public String toString() {
            return "/" + pattern + "/";
        }
    }
}
