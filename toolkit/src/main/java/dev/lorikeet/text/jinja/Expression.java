package dev.lorikeet.text.jinja;

/** What has a value. */
@FunctionalInterface
interface Expression {

    Object in(Scope scope);

    default boolean isTrue(Scope scope) {
        return Values.isTrue(in(scope));
    }
}
