package dev.lorikeet.text.jinja.value;

/** A function, macro or method. */
@FunctionalInterface
public interface Callable {

    Object call(Arguments arguments);
}
