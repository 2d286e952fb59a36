package dev.lorikeet.text.jinja;

import dev.lorikeet.text.jinja.value.Arguments;
import dev.lorikeet.text.jinja.value.Callable;
import dev.lorikeet.text.jinja.value.JinjaException;
import dev.lorikeet.text.jinja.value.Undefined;
import java.util.Map;
import java.util.Set;

/**
 * A macro where it was defined.
 *
 * @param parameters names and defaults; without a default the value null
 */
record Macro(String name, Map<String, Expression> parameters, Statement body, Scope around) implements Callable {

    @Override
    public Object call(Arguments given) {
        Set<String> names = parameters.keySet();
        if (given.positional().size() > names.size()
                || !names.containsAll(given.named().keySet())) {
            throw new JinjaException("the macro " + name + " takes " + String.join(", ", names));
        }
        Scope scope = new Scope(around);
        int place = 0;
        for (Map.Entry<String, Expression> parameter : parameters.entrySet()) {
            String argument = parameter.getKey();
            Object otherwise = parameter.getValue() == null
                    ? new Undefined(argument)
                    : parameter.getValue().in(scope);
            scope.set(argument, given.get(place++, argument, otherwise));
        }
        Output output = new Output();
        body.run(scope, output);
        return output.text.toString();
    }
}
