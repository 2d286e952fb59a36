package dev.lorikeet.text.jinja;

import dev.lorikeet.text.jinja.value.Values;

/** An expression: a part of a template that has a value. */
@FunctionalInterface
interface Expression {

    Object in(Scope scope);

    default boolean isTrue(Scope scope) {
        return Values.isTrue(in(scope));
    }
}
