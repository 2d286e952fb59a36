package dev.lorikeet.text.jinja.value;

import dev.lorikeet.base.LorikeetException;

/** A template cannot be parsed, or what it says cannot be done. */
public final class JinjaException extends LorikeetException {

    private final int line;

    public JinjaException(String message) {
        this(message, 0);
    }

    public JinjaException(String message, int line) {
        super(line > 0 ? "line " + line + ": " + message : message);
        this.line = line;
    }

    /** With the line that it happened in, unless that is known more exactly. */
    public JinjaException at(int where) {
        return line > 0 ? this : new JinjaException(getMessage(), where);
    }
}
