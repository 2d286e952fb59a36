package dev.lorikeet.text.span;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Quantities;

/**
 * A part of a text that has a label.
 *
 * @param start where it begins, in Java's characters
 * @param end after its last character
 * @param label such as "place"
 * @param probability of the label, 0 to 1; 1 for spans that are given
 */
public record Span(int start, int end, String label, double probability) {

    public Span {
        BadArgumentException.unless(start >= 0 && start < end, "span", start + " to " + end, "0 ≤ start < end");
        BadArgumentException.unless(label != null && !label.isBlank(), "label of a span", label, "a name");
    }

    /** A span that is given. */
    public Span(int start, int end, String label) {
        this(start, end, label, 1);
    }

    /** The span's own characters. */
    public String in(String text) {
        return text.substring(start, end);
    }

    /** Whether it is the same part with the same label. */
    public boolean matches(Span other) {
        return start == other.start && end == other.end && label.equals(other.label);
    }

    @Override
    public String toString() {
        return probability == 1
                ? "%s at %d to %d".formatted(label, start, end)
                : "%s at %d to %d (%s)".formatted(label, start, end, Quantities.percent(probability));
    }
}
