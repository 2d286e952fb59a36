package dev.lorikeet.text.jinja;

import dev.lorikeet.base.LorikeetException;

/** A template cannot be parsed, or what it says cannot be done. */
public final class JinjaException extends LorikeetException {

    private final int line;

    JinjaException(String message) {
        this(message, 0);
    }

    JinjaException(String message, int line) {
        super(line > 0 ? "line " + line + ": " + message : message);
        this.line = line;
    }

    /** With the line that it happened in, unless that is known more exactly. */
    JinjaException at(int where) {
        return line > 0 ? this : new JinjaException(getMessage(), where);
    }
}
