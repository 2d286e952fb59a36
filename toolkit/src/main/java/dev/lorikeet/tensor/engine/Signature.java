package dev.lorikeet.tensor.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A function of the script as its {@code def} line declares it.
 *
 * @param parameters in order, without self
 */
record Signature(String function, List<Parameter> parameters, ScriptType result) {

    record Parameter(String name, ScriptType type) {}

    private static final Pattern DEF =
            Pattern.compile("^  def (\\w+)\\(self: __torch__\\.Ops(?:, (.*))?\\) -> (\\S+):$", Pattern.MULTILINE);

    /** All functions of a script by their names. */
    static Map<String, Signature> in(String code) {
        Map<String, Signature> found = new HashMap<>();
        Matcher matcher = DEF.matcher(code);
        while (matcher.find()) {
            List<Parameter> parameters = matcher.group(2) == null
                    ? List.of()
                    : Arrays.stream(matcher.group(2).split(", "))
                            .map(Signature::parameter)
                            .toList();
            String name = matcher.group(1);
            found.put(name, new Signature(name, parameters, ScriptType.of(matcher.group(3))));
        }
        return Map.copyOf(found);
    }

    private static Parameter parameter(String declaration) {
        String[] parts = declaration.split(": ", 2);
        return new Parameter(parts[0], ScriptType.of(parts[1]));
    }

    /** The position of a parameter. */
    int position(String name) {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException(this + " has no parameter \"" + name + "\"");
    }

    @Override
    public String toString() {
        return parameters.stream().map(Parameter::name).collect(Collectors.joining(", ", function + "(", ")"));
    }
}
