package dev.lorikeet.text.jinja;

/**
 * A part of a template.
 *
 * @param text of a string its value, of all else what is written
 */
record Token(Kind kind, String text, int line) {

    enum Kind {
        TEXT,
        BLOCK,
        BLOCK_END,
        OUTPUT,
        OUTPUT_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind wanted, String written) {
        return kind == wanted && text.equals(written);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case TEXT -> "text";
            case END -> "the end";
            default -> "\"" + text + "\"";
        };
    }
}
