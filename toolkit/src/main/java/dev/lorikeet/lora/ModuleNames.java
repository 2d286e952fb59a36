package dev.lorikeet.lora;

import dev.lorikeet.base.Regex;
import dev.lorikeet.lora.names.PeftNames;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Module names as in PEFT's target_modules and exclude_modules: ends of paths, or one regular expression for the full
 * path.
 *
 * @param names ends of paths; empty if there is an expression
 * @param expression the regular expression; null for names
 */
record ModuleNames(List<String> names, Pattern expression) {

    static final ModuleNames NONE = new ModuleNames(List.of(), null);

    static ModuleNames of(List<String> names) {
        return new ModuleNames(List.copyOf(names), null);
    }

    boolean contains(String path) {
        return expression == null
                ? names.stream().anyMatch(name -> PeftNames.isNamed(path, name))
                : Regex.matches(expression, path);
    }
}
