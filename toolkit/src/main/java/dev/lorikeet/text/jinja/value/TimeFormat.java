package dev.lorikeet.text.jinja.value;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Times in the codes of C's strftime, in English. */
public final class TimeFormat {

    private static final Map<Character, String> CODES = Map.ofEntries(
            Map.entry('Y', "yyyy"),
            Map.entry('y', "yy"),
            Map.entry('m', "MM"),
            Map.entry('d', "dd"),
            Map.entry('B', "MMMM"),
            Map.entry('b', "MMM"),
            Map.entry('A', "EEEE"),
            Map.entry('a', "EEE"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('p', "a"),
            Map.entry('j', "DDD"),
            Map.entry('F', "yyyy-MM-dd"),
            Map.entry('T', "HH:mm:ss"));

    private TimeFormat() {}

    /** Codes that are not known stay as they are. */
    public static String formatted(LocalDateTime time, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            boolean code = c == '%' && i + 1 < format.length();
            if (code && format.charAt(i + 1) == '%') {
                text.append('%');
                i++;
            } else if (code && CODES.containsKey(format.charAt(i + 1))) {
                String pattern = CODES.get(format.charAt(++i));
                text.append(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
