package dev.lorikeet.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How PEFT tells by its path whether a setting is about a module. */
final class PeftNames {

    /** The number after the first part that stands between two others, as in "model.layers.3.mlp.up_proj". */
    private static final Pattern LAYER = Pattern.compile(".*?\\.[^.]*\\.(\\d+)\\..*");

    private PeftNames() {}

    /** Whether a name is the path or the end of it. */
    static boolean isNamed(String path, String name) {
        return path.equals(name) || path.endsWith("." + name);
    }

    /** Of the first of the patterns, in their order, that is the path or the end of it, regular expressions all of them. */
    static <T> T valueOf(String path, Map<String, T> patterns, T otherwise) {
        return patterns.entrySet().stream()
                .filter(entry -> matches(path, entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }

    static boolean matches(String path, String pattern) {
        return path.matches("(.*\\.)?(" + pattern + ")");
    }

    /**
     * Whether a module is in one of these layers.
     *
     * @param layers numbers; if there are none, every module is
     * @param patterns names of the list of layers; if there are none, any
     */
    static boolean isInLayers(String path, List<Integer> layers, List<String> patterns) {
        return layers.isEmpty()
                || layer(path, patterns).filter(layers::contains).isPresent();
    }

    private static Optional<Integer> layer(String path, List<String> patterns) {
        List<Pattern> all = patterns.isEmpty()
                ? List.of(LAYER)
                : patterns.stream()
                        .map(pattern -> Pattern.compile("(?:|.*?\\.)(?:" + pattern + ")\\.(\\d+)\\..*"))
                        .toList();
        return all.stream()
                .map(pattern -> pattern.matcher(path))
                .filter(Matcher::matches)
                .map(found -> Integer.valueOf(found.group(found.groupCount())))
                .findFirst();
    }

    /** Whether a module is saved whole by one of these names: they are ends of its path or of that of a module around it. */
    static boolean isSaved(String module, List<String> modulesToSave) {
        return around(module).stream().anyMatch(path -> modulesToSave.stream().anyMatch(path::endsWith));
    }

    /** Whether saving these modules whole keeps matrices off a module. */
    static boolean isKeptFromMatrices(String module, List<String> modulesToSave) {
        return around(module).stream().anyMatch(path -> modulesToSave.stream().anyMatch(name -> isNamed(path, name)));
    }

    /** The path of a module, and those of the modules around it. */
    static List<String> around(String module) {
        List<String> paths = new ArrayList<>();
        for (int end = module.length(); end > 0; end = module.lastIndexOf('.', end - 1)) {
            paths.add(module.substring(0, end));
        }
        return paths;
    }
}
