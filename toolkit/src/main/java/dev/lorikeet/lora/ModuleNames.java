package dev.lorikeet.lora;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Modules as PEFT's target_modules and exclude_modules name them: by the ends of their paths or by an expression for the
 * whole path.
 *
 * @param names ends of paths; none if there is an expression
 * @param expression or null
 */
record ModuleNames(List<String> names, Pattern expression) {

    static final ModuleNames NONE = new ModuleNames(List.of(), null);

    static ModuleNames of(List<String> names) {
        return new ModuleNames(List.copyOf(names), null);
    }

    boolean contain(String path) {
        return expression == null
                ? names.stream().anyMatch(name -> PeftNames.isNamed(path, name))
                : expression.matcher(path).matches();
    }
}
