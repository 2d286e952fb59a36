package dev.lorikeet.text.schema;

import dev.lorikeet.base.BadFileException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks that a tokenizer's regular expression cannot end the process. The native library tries the ways in which an expression can
 * match one after the other, and it ends the process after ten million. An expression is safe if the number of ways grows no faster
 * than the text: it has no back references, and at most one repetition without a bound comes before something that must match.
 */
final class SafeExpression {

    /** Repetitions up to this number count as a fixed number of ways. */
    private static final int FEW = 8;

    /** Repetitions within repetitions: more ways than characters. */
    private static final int MANY = 100;

    private static final int LONGEST = 10_000;
    private static final int DEEPEST = 40;

    private static final Pattern QUANTIFIER = Pattern.compile("[*+?][?+]?|\\{(?:\\d+(?:,\\d*)?|,\\d+)\\}[?]?");

    /** What may follow an opening bracket; in extended mode a comment could hide a bracket. */
    private static final Pattern GROUP = Pattern.compile("\\?(?:(?<looks>=|!|<=|<!)|>|<\\w+>|[imsuaDSPW-]*[:)])");

    private final Node node;
    private final String text;
    private int at;

    /**
     * What a part of an expression may do.
     *
     * @param fixed whether all its matches have the same length
     * @param mandatory whether it must match something, or the place
     * @param open how many repetitions without a bound are in it
     * @param ways how many of them are open where something mandatory follows
     */
    private record Part(boolean fixed, boolean mandatory, int open, int ways) {

        static final Part CHARACTER = new Part(true, true, 0, 0);
        static final Part NOTHING = new Part(true, false, 0, 0);

        Part then(Part next) {
            int here = next.mandatory ? open : 0;
            return new Part(
                    fixed && next.fixed,
                    mandatory || next.mandatory,
                    open + next.open,
                    Math.max(ways, Math.max(here, next.ways > 0 ? open + next.ways : 0)));
        }

        Part or(Part other) {
            return new Part(
                    false, mandatory && other.mandatory, Math.max(open, other.open), Math.max(ways, other.ways));
        }
    }

    private SafeExpression(Node node, String text) {
        this.node = node;
        this.text = text;
    }

    /** Checks a pattern, a {@code String} that is looked for as it is or a {@code Regex}. */
    static void check(Node pattern) {
        if (pattern.object().size() != 1) {
            throw pattern.isNot("String or Regex");
        }
        Node plain = pattern.field("String");
        if (plain.value() != null) {
            plain.text();
            return;
        }
        Node regex = pattern.field("Regex");
        String expression = regex.text();
        if (expression.length() > LONGEST) {
            throw regex.wrong("has %,d characters; expected at most %,d".formatted(expression.length(), LONGEST));
        }
        new SafeExpression(regex, expression).check();
    }

    private void check() {
        Part whole = alternatives(0);
        if (at < text.length()) {
            throw unsafe("has a bracket that closes nothing at " + at);
        }
        if (whole.ways > 1) {
            throw unsafe("has repetitions that may share a text among them in many ways");
        }
    }

    private Part alternatives(int depth) {
        if (depth > DEEPEST) {
            throw unsafe("has groups within groups, more than " + DEEPEST);
        }
        Part found = sequence(depth);
        while (at < text.length() && text.charAt(at) == '|') {
            at++;
            found = found.or(sequence(depth));
        }
        return found;
    }

    private Part sequence(int depth) {
        Part found = Part.NOTHING;
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            found = found.then(quantified(atom(depth)));
        }
        return found;
    }

    private Part atom(int depth) {
        char first = text.charAt(at++);
        switch (first) {
            case '(':
                return group(depth);
            case '[':
                skipClass();
                return Part.CHARACTER;
            case '\\':
                return escape();
            default:
                return Part.CHARACTER;
        }
    }

    private Part group(int depth) {
        boolean looks = false;
        if (at < text.length() && text.charAt(at) == '?') {
            Matcher kind = GROUP.matcher(text).region(at, text.length());
            if (!kind.lookingAt()) {
                throw unsafe("has a group of a kind that is not supported at character " + at);
            }
            at = kind.end();
            looks = kind.group("looks") != null;
            if (text.charAt(at - 1) == ')') {
                return Part.NOTHING;
            }
        }
        Part inside = alternatives(depth + 1);
        if (at >= text.length()) {
            throw unsafe("has a bracket that is never closed");
        }
        at++;
        // A look takes no place, but must hold.
        return looks ? new Part(true, true, 0, inside.ways) : inside;
    }

    private Part escape() {
        if (at >= text.length()) {
            throw unsafe("ends with a backslash");
        }
        char kind = text.charAt(at++);
        if (kind >= '1' && kind <= '9' || "kgK".indexOf(kind) >= 0) {
            throw unsafe("refers back by \\" + kind + ", which is not supported");
        }
        if ("pPxu".indexOf(kind) >= 0 && at < text.length() && text.charAt(at) == '{') {
            int end = text.indexOf('}', at);
            if (end < 0) {
                throw unsafe("has a brace that is never closed");
            }
            at = end + 1;
        }
        return kind == 'R' || kind == 'X' ? new Part(false, true, 0, 0) : Part.CHARACTER;
    }

    /** Classes may hold classes. */
    private void skipClass() {
        int open = 1;
        boolean first = true;
        while (open > 0) {
            if (at >= text.length()) {
                throw unsafe("has a character class that is never closed");
            }
            char c = text.charAt(at++);
            if (c == '\\') {
                at++;
            } else if (c == '[') {
                open++;
            } else if (c == ']' && !first) {
                open--;
            }
            first = (first || c == '[') && (c == '^' || c == '[');
        }
    }

    private Part quantified(Part part) {
        Part found = part;
        Matcher times = QUANTIFIER.matcher(text).region(at, text.length());
        while (times.lookingAt()) {
            at = times.end();
            found = repeated(found, times.group());
            times.region(at, text.length());
        }
        return found;
    }

    private Part repeated(Part part, String quantifier) {
        int least = quantifier.startsWith("+") ? 1 : 0;
        long most = quantifier.startsWith("?") ? 1 : Long.MAX_VALUE;
        if (quantifier.startsWith("{")) {
            String[] bounds = quantifier.substring(1, quantifier.indexOf('}')).split(",", 2);
            least = number(bounds[0], 0);
            most = bounds.length == 1 ? least : number(bounds[1], Integer.MAX_VALUE);
        }
        boolean mandatory = least > 0 && part.mandatory;
        if (most <= 1) {
            return new Part(part.fixed && least == most, mandatory, part.open, part.ways);
        }
        if (!part.fixed || part.open > 0) {
            return new Part(false, mandatory, MANY, part.ways);
        }
        return new Part(least == most, mandatory, least == most || most <= FEW ? 0 : 1, 0);
    }

    private int number(String digits, int absent) {
        try {
            return digits.isEmpty() ? absent : Integer.parseInt(digits);
        } catch (NumberFormatException tooLarge) {
            throw unsafe("repeats " + digits + " times");
        }
    }

    private BadFileException unsafe(String problem) {
        return node.wrong(
                problem + ", so that matching it might take too long; expected a simpler expression than " + text);
    }
}
