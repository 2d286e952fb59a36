package dev.lorikeet.lora.names;

import dev.lorikeet.base.Regex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Matches module paths against PEFT's settings, by PEFT's rules. */
public final class PeftNames {

    /** Finds the layer index, as in "model.layers.3.mlp.up_proj". */
    private static final Pattern LAYER = Pattern.compile(".*?\\.[^.]*\\.(\\d+)\\..*");

    private PeftNames() {}

    /** Whether a name is the path or ends it. */
    public static boolean isNamed(String path, String name) {
        return path.equals(name) || path.endsWith("." + name);
    }

    /** Returns the value of the first regular expression that matches the path or its end, else {@code otherwise}. */
    public static <T> T valueOf(String path, Map<String, T> patterns, T otherwise) {
        return patterns.entrySet().stream()
                .filter(entry -> matches(path, entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }

    /** Whether a regular expression matches the path or its end. */
    public static boolean matches(String path, String pattern) {
        return Regex.matches(Regex.compile("pattern", "(.*\\.)?(" + pattern + ")"), path);
    }

    /**
     * Whether a module is in one of these layers.
     *
     * @param layers layer indices; empty: every module is
     * @param patterns names of the layer lists; empty: any
     */
    public static boolean isInLayers(String path, List<Integer> layers, List<String> patterns) {
        return layers.isEmpty()
                || layer(path, patterns).filter(layers::contains).isPresent();
    }

    private static Optional<Integer> layer(String path, List<String> patterns) {
        List<Pattern> all = patterns.isEmpty()
                ? List.of(LAYER)
                : patterns.stream()
                        .map(pattern -> Regex.compile("layers pattern", "(?:|.*?\\.)(?:" + pattern + ")\\.(\\d+)\\..*"))
                        .toList();
        return all.stream()
                .flatMap(pattern -> Regex.match(pattern, path).stream())
                .map(found -> Integer.valueOf(found.group(found.groupCount())))
                .findFirst();
    }

    /** Whether a module is one of the modules to save or inside one: a name is the end of its path or of an enclosing path. */
    public static boolean isSaved(String module, List<String> modulesToSave) {
        return enclosingPaths(module).stream()
                .anyMatch(path -> modulesToSave.stream().anyMatch(path::endsWith));
    }

    /** Whether a module gets no matrices because it is a module to save or inside one. */
    public static boolean isExcludedFromLora(String module, List<String> modulesToSave) {
        return enclosingPaths(module).stream()
                .anyMatch(path -> modulesToSave.stream().anyMatch(name -> isNamed(path, name)));
    }

    /** The path of a module, followed by those of its enclosing modules. */
    public static List<String> enclosingPaths(String module) {
        List<String> paths = new ArrayList<>();
        for (int end = module.length(); end > 0; end = module.lastIndexOf('.', end - 1)) {
            paths.add(module.substring(0, end));
        }
        return paths;
    }
}
