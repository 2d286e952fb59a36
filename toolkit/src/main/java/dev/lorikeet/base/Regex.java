package dev.lorikeet.base;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions that come from files or users, matched against short texts in bounded time. */
public final class Regex {

    /** Looks at characters in one match. */
    private static final int MOST_STEPS = 1_000_000;

    /** Counted repetitions inside one another; those of nothing look at no character. */
    private static final long MOST_REPETITIONS = 100_000;

    private static final Pattern COUNT = Pattern.compile("\\{(?:\\d{1,9},)?(\\d{1,9})");
    private static final Pattern TOO_LARGE = Pattern.compile("\\{\\d*,?\\d{10}");

    private Regex() {}

    /**
     * Compiles an expression.
     *
     * @param what names it in the error
     * @throws BadArgumentException if it is none, or repeats more often than can be tried
     */
    public static Pattern compile(String what, String expression) {
        try {
            Pattern pattern = Pattern.compile(expression);
            BadArgumentException.unless(
                    repetitions(expression) <= MOST_REPETITIONS,
                    what,
                    expression,
                    "a regular expression with at most %d counted repetitions".formatted(MOST_REPETITIONS));
            return pattern;
        } catch (PatternSyntaxException e) {
            throw new BadArgumentException(what, expression, "a regular expression (" + e.getDescription() + ")");
        } catch (StackOverflowError e) {
            throw new BadArgumentException(what, expression, "a regular expression with fewer groups in one another");
        }
    }

    private static long repetitions(String expression) {
        long product = TOO_LARGE.matcher(expression).find() ? MOST_REPETITIONS + 1 : 1;
        Matcher counts = COUNT.matcher(expression);
        while (product <= MOST_REPETITIONS && counts.find()) {
            product *= Math.max(1, Long.parseLong(counts.group(1)));
        }
        return product;
    }

    /**
     * Matches a whole text.
     *
     * @throws BadArgumentException if that takes too many steps, as an expression can go through all ways to divide a text
     */
    public static Optional<MatchResult> match(Pattern pattern, String text) {
        try {
            Matcher matcher = pattern.matcher(new CountedText(text));
            return matcher.matches() ? Optional.of(matcher.toMatchResult()) : Optional.empty();
        } catch (TooManyStepsException | StackOverflowError e) {
            throw new BadArgumentException(
                    "regular expression",
                    pattern.pattern(),
                    "one that is matched with \"%s\" in %,d steps".formatted(text, MOST_STEPS));
        }
    }

    public static boolean matches(Pattern pattern, String text) {
        return match(pattern, text).isPresent();
    }

    /** Ends a match from within. */
    private static final class TooManyStepsException extends RuntimeException {

        TooManyStepsException() {
            super(null, null, false, false);
        }
    }

    /** A text that counts how often the matcher looks at it. */
    private static final class CountedText implements CharSequence {

        private final String text;
        private int steps;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++steps > MOST_STEPS) {
                throw new TooManyStepsException();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
