package dev.lorikeet.data.table;

import com.google.gson.JsonParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words the parser's complaints about damaged JSON. */
final class JsonProblem {

    private static final Pattern PLACE =
            Pattern.compile("(?:[\\w.]+Exception: )?(.*?) at line (\\d+) column (\\d+) .*");

    private JsonProblem() {}

    /**
     * Returns where a text is damaged and how, such as "line 7, column 12: Unterminated object".
     *
     * @param line number of the text's first line in its file
     */
    static String of(JsonParseException e, int line) {
        Matcher place =
                PLACE.matcher(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        if (!place.matches()) {
            return "line " + line + ": " + e.getMessage();
        }
        // The parser's advice for a second value is about its own settings.
        String problem = place.group(1).startsWith("Use JsonReader") ? "more follows after the end" : place.group(1);
        return "line %d, column %s: %s".formatted(line + Integer.parseInt(place.group(2)) - 1, place.group(3), problem);
    }
}
