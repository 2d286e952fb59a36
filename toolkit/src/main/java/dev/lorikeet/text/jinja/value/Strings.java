package dev.lorikeet.text.jinja.value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's ways with strings. */
public final class Strings {

    /** A doubled brace, or a field. */
    private static final Pattern FIELD = Pattern.compile("\\{\\{|}}|\\{(\\d{0,3}|[A-Za-z_]\\w*)}");

    private Strings() {}

    public static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    private static boolean strippable(char c, String characters) {
        return characters == null ? isSpace(c) : characters.indexOf(c) >= 0;
    }

    /** @param characters what is taken away; null: white space */
    public static String lstrip(String text, String characters) {
        int from = 0;
        while (from < text.length() && strippable(text.charAt(from), characters)) {
            from++;
        }
        return text.substring(from);
    }

    public static String rstrip(String text, String characters) {
        int to = text.length();
        while (to > 0 && strippable(text.charAt(to - 1), characters)) {
            to--;
        }
        return text.substring(0, to);
    }

    static String strip(String text, String characters) {
        return rstrip(lstrip(text, characters), characters);
    }

    /** @param separator null: white space of any length */
    static List<Object> split(String text, String separator, long most) {
        return separator == null ? words(text, most) : parts(text, separator, most);
    }

    private static List<Object> words(String text, long most) {
        List<Object> words = new ArrayList<>();
        int from = skip(text, 0, true);
        while (from < text.length()) {
            if (most >= 0 && words.size() == most) {
                words.add(rstrip(text.substring(from), null));
                break;
            }
            int end = skip(text, from, false);
            words.add(text.substring(from, end));
            from = skip(text, end, true);
        }
        return words;
    }

    /** The next place after all that is white space, or all that is none. */
    private static int skip(String text, int from, boolean spaces) {
        int at = from;
        while (at < text.length() && isSpace(text.charAt(at)) == spaces) {
            at++;
        }
        return at;
    }

    private static List<Object> parts(String text, String separator, long most) {
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int cut = text.indexOf(separator); cut >= 0 && parts.size() != most; cut = text.indexOf(separator, from)) {
            Budget.steps(1);
            parts.add(text.substring(from, cut));
            from = cut + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** Splits from the end. */
    static List<Object> rsplit(String text, String separator, long most) {
        List<Object> parts = new ArrayList<>();
        int to = text.length();
        for (int cut = text.lastIndexOf(separator);
                cut >= 0 && parts.size() != most;
                cut = to < separator.length() ? -1 : text.lastIndexOf(separator, to - separator.length())) {
            Budget.steps(1);
            parts.add(text.substring(cut + separator.length(), to));
            to = cut;
        }
        parts.add(text.substring(0, to));
        Collections.reverse(parts);
        return parts;
    }

    /** How often a text holds another, side by side. */
    static long count(String text, String part) {
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    /** @param most replacements; below 0: all */
    static String replace(String text, String from, String to, long most) {
        long times = count(text, from);
        times = most < 0 ? times : Math.min(times, most);
        Budget.characters(text.length() + (double) times * to.length());
        StringBuilder replaced = new StringBuilder();
        int at = 0;
        for (long i = 0; i < times; i++) {
            int next = from.isEmpty() ? text.offsetByCodePoints(at, i == 0 ? 0 : 1) : text.indexOf(from, at);
            replaced.append(text, at, next).append(to);
            at = next + from.length();
        }
        return replaced.append(text, at, text.length()).toString();
    }

    static List<Object> lines(String text) {
        List<Object> lines = new ArrayList<>(List.of(text.split("\\R", -1)));
        if (lines.get(lines.size() - 1).equals("")) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    /** Fills the fields of a text: {}, {0} and {name}. */
    static String format(String text, Arguments given) {
        StringBuilder filled = new StringBuilder();
        int next = 0;
        Matcher field = FIELD.matcher(text);
        int end = 0;
        while (field.find()) {
            filled.append(plain(text, end, field.start()));
            end = field.end();
            String name = field.group(1);
            if (name == null) {
                filled.append(field.group().charAt(0));
            } else if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
                int place = name.isEmpty() ? next++ : Integer.parseInt(name);
                filled.append(Writer.text(given.required(place, "{" + place + "}")));
            } else {
                filled.append(Writer.text(given.required(Integer.MAX_VALUE, name)));
            }
        }
        return filled.append(plain(text, end, text.length())).toString();
    }

    private static String plain(String text, int start, int end) {
        String part = text.substring(start, end);
        if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
            throw new JinjaException("the text \"" + text + "\" has a field for format that is not supported");
        }
        return part;
    }

    static String capitalize(String text) {
        return text.isEmpty() ? text : upper(text.substring(0, 1)) + lower(text.substring(1));
    }

    static String upper(String text) {
        return text.toUpperCase(java.util.Locale.ROOT);
    }

    public static String lower(String text) {
        return text.toLowerCase(java.util.Locale.ROOT);
    }

    /** Upper case after each character that is no letter. */
    static String title(String text) {
        StringBuilder title = new StringBuilder();
        boolean inWord = false;
        for (int point : text.codePoints().toArray()) {
            title.appendCodePoint(inWord ? Character.toLowerCase(point) : Character.toTitleCase(point));
            inWord = Character.isLetter(point);
        }
        return title.toString();
    }

    /** The value of a string literal. */
    public static String unescaped(String literal) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (c != '\\' || i + 1 == literal.length()) {
                text.append(c);
                continue;
            }
            char escape = literal.charAt(++i);
            switch (escape) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case '0' -> text.append('\0');
                case '\n' -> {}
                case '\\', '\'', '"' -> text.append(escape);
                case 'x', 'u' -> {
                    int digits = escape == 'x' ? 2 : 4;
                    if (i + digits >= literal.length()
                            || !literal.substring(i + 1, i + 1 + digits).matches("\\p{XDigit}+")) {
                        throw new JinjaException(
                                "\\" + escape + " is to be followed by " + digits + " hexadecimal digits");
                    }
                    text.append((char) Integer.parseInt(literal.substring(i + 1, i + 1 + digits), 16));
                    i += digits;
                }
                default -> text.append('\\').append(escape);
            }
        }
        return text.toString();
    }
}
