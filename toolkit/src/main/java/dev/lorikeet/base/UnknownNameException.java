package dev.lorikeet.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** A name is unknown; the message lists the known ones and proposes the nearest. */
public final class UnknownNameException extends LorikeetException {

    /**
     * @param kind what is named, such as "model" or "target module"
     * @param name the name that was given
     * @param known all valid names
     */
    public UnknownNameException(String kind, String name, Collection<String> known) {
        super(message(kind, name, known));
    }

    private static String message(String kind, String name, Collection<String> known) {
        String hint =
                nearest(name, known).map(n -> " Did you mean \"" + n + "\"?").orElse("");
        return "There is no %s \"%s\".%s There are: %s"
                .formatted(kind, name, hint, String.join(", ", new TreeSet<>(known)));
    }

    /** The known name with the smallest edit distance, if it is near enough for a typing error. */
    public static Optional<String> nearest(String name, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(lower(name), lower(candidate))))
                .filter(best -> distance(lower(name), lower(best)) <= Math.max(2, name.length() / 3));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Computes the Levenshtein distance, keeping one row of the table. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
