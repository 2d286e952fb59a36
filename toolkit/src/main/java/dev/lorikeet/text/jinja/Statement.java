package dev.lorikeet.text.jinja;

/** What writes or sets something. */
@FunctionalInterface
interface Statement {

    /** How to go on. */
    enum Next {
        STATEMENT,
        ROUND,
        AFTER_LOOP
    }

    Next run(Scope scope, Output output);
}
