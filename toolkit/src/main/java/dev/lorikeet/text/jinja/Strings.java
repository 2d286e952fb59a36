package dev.lorikeet.text.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's ways with strings. */
final class Strings {

    private Strings() {}

    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    private static boolean strippable(char c, String characters) {
        return characters == null ? isSpace(c) : characters.indexOf(c) >= 0;
    }

    /** @param characters what is taken away; null: white space */
    static String lstrip(String text, String characters) {
        int from = 0;
        while (from < text.length() && strippable(text.charAt(from), characters)) {
            from++;
        }
        return text.substring(from);
    }

    static String rstrip(String text, String characters) {
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
        List<Object> parts = new ArrayList<>();
        String rest = separator == null ? lstrip(text, null) : text;
        while (separator != null || !rest.isEmpty()) {
            int cut = separator == null ? firstSpace(rest) : rest.indexOf(separator);
            if (cut < 0 || most >= 0 && parts.size() == most) {
                parts.add(separator == null ? rstrip(rest, null) : rest);
                break;
            }
            parts.add(rest.substring(0, cut));
            rest = separator == null ? lstrip(rest.substring(cut), null) : rest.substring(cut + separator.length());
        }
        return parts;
    }

    private static int firstSpace(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isSpace(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    static List<Object> rsplit(String text, String separator, long most) {
        List<Object> parts = new ArrayList<>();
        String rest = text;
        for (int cut = rest.lastIndexOf(separator);
                cut >= 0 && parts.size() != most;
                cut = rest.lastIndexOf(separator)) {
            parts.add(0, rest.substring(cut + separator.length()));
            rest = rest.substring(0, cut);
        }
        parts.add(0, rest);
        return parts;
    }

    static List<Object> lines(String text) {
        List<Object> lines = new ArrayList<>(List.of(text.split("\\R", -1)));
        if (lines.get(lines.size() - 1).equals("")) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    static String capitalize(String text) {
        return text.isEmpty() ? text : upper(text.substring(0, 1)) + lower(text.substring(1));
    }

    static String upper(String text) {
        return text.toUpperCase(java.util.Locale.ROOT);
    }

    static String lower(String text) {
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
    static String unescaped(String literal) {
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
