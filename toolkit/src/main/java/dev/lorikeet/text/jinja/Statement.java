package dev.lorikeet.text.jinja;

/** A statement: a part of a template that writes or sets something. */
@FunctionalInterface
interface Statement {

    /** The way in which the template goes on. */
    enum Next {
        STATEMENT,
        ROUND,
        AFTER_LOOP
    }

    Next run(Scope scope, Output output);
}
