package dev.lorikeet.text.jinja;

import dev.lorikeet.text.jinja.Token.Kind;
import dev.lorikeet.text.jinja.value.JinjaException;
import dev.lorikeet.text.jinja.value.Strings;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a template into texts and tokens, and takes away the white space that trim_blocks, lstrip_blocks and "-" say. */
final class Lexer {

    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern NUMBER = Pattern.compile("\\d[\\d_]*(\\.\\d+)?([eE][+-]?\\d+)?");
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|<=|>=|[-+*/%~<>=|.,:()\\[\\]{}]");
    private static final Pattern RAW_END = Pattern.compile("\\{%(-?|\\+)\\s*endraw\\s*(-?|\\+)%}");
    private static final Pattern RAW = Pattern.compile("\\s*raw\\s*([-+]?)%}");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private boolean lineStart = true;
    private int counted;
    private int line = 1;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        String plain = source.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(plain.endsWith("\n") ? plain.substring(0, plain.length() - 1) : plain);
        lexer.template();
        return lexer.tokens;
    }

    private void template() {
        while (at < source.length()) {
            int open = open(at);
            if (open < 0) {
                text(source.substring(at));
                at = source.length();
            } else {
                char kind = source.charAt(open + 1);
                char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
                text(before(source.substring(at, open), kind, sign));
                at = open + (sign == '-' || sign == '+' ? 3 : 2);
                switch (kind) {
                    case '#' -> comment();
                    case '%' -> block();
                    default -> expression(Kind.OUTPUT, Kind.OUTPUT_END, "}}");
                }
            }
        }
        add(Kind.END, "");
    }

    /** The place where the next tag begins, or -1. */
    private int open(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private String before(String text, char kind, char sign) {
        if (sign == '-') {
            return Strings.rstrip(text, null);
        }
        int line = text.lastIndexOf('\n') + 1;
        boolean alone = kind != '{' && sign != '+' && (line > 0 || lineStart);
        return alone && Strings.lstrip(text.substring(line), null).isEmpty() ? text.substring(0, line) : text;
    }

    private void text(String text) {
        if (!text.isEmpty()) {
            add(Kind.TEXT, text);
        }
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw error("a comment is never closed");
        }
        char sign = source.charAt(end - 1);
        at = end + 2;
        after(sign, true);
    }

    private void block() {
        Matcher raw = RAW.matcher(source).region(at, source.length());
        if (!raw.lookingAt()) {
            expression(Kind.BLOCK, Kind.BLOCK_END, "%}");
            return;
        }
        at = raw.end();
        after(raw.group(1).isEmpty() ? ' ' : raw.group(1).charAt(0), true);
        Matcher end = RAW_END.matcher(source);
        if (!end.find(at)) {
            throw error("a raw block is never closed");
        }
        text(before(
                source.substring(at, end.start()),
                '%',
                end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0)));
        at = end.end();
        after(end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0), true);
    }

    private void expression(Kind open, Kind close, String end) {
        add(open, source.substring(Math.max(0, at - 2), at));
        int depth = 0;
        while (true) {
            space();
            if (at >= source.length()) {
                throw error("a tag is never closed; expected " + end);
            }
            char sign = source.charAt(at);
            boolean signed = (sign == '-' || sign == '+') && source.startsWith(end, at + 1);
            if (depth == 0 && (signed || source.startsWith(end, at))) {
                add(close, end);
                at += signed ? 3 : 2;
                after(signed ? sign : ' ', close == Kind.BLOCK_END);
                return;
            }
            Token token = token();
            if (token.kind() == Kind.OPERATOR && "([{".contains(token.text())) {
                depth++;
            } else if (token.kind() == Kind.OPERATOR && ")]}".contains(token.text())) {
                depth--;
            }
        }
    }

    /** White space after a tag. */
    private void after(char sign, boolean trim) {
        int from = at;
        if (sign == '-') {
            space();
        } else if (trim && sign != '+' && source.startsWith("\n", at)) {
            at++;
        }
        lineStart = at > from && source.charAt(at - 1) == '\n';
    }

    private void space() {
        while (at < source.length() && Strings.isSpace(source.charAt(at))) {
            at++;
        }
    }

    private Token token() {
        char first = source.charAt(at);
        if (first == '"' || first == '\'') {
            return string(first);
        }
        Matcher name = matcher(NAME);
        if (name.lookingAt()) {
            return take(Kind.NAME, name.group());
        }
        Matcher number = matcher(NUMBER);
        if (number.lookingAt()) {
            boolean whole = number.group(1) == null && number.group(2) == null;
            return take(whole ? Kind.INTEGER : Kind.FLOAT, number.group());
        }
        Matcher operator = matcher(OPERATOR);
        if (operator.lookingAt()) {
            return take(Kind.OPERATOR, operator.group());
        }
        throw error("\"" + first + "\" means nothing here");
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(source).region(at, source.length());
    }

    private Token take(Kind kind, String text) {
        Token token = add(kind, text);
        at += text.length();
        return token;
    }

    private Token string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw error("a string is never closed");
        }
        Token token = add(Kind.STRING, Strings.unescaped(source.substring(at + 1, end)));
        at = end + 1;
        return token;
    }

    private Token add(Kind kind, String text) {
        Token token = new Token(kind, text, line());
        tokens.add(token);
        return token;
    }

    private int line() {
        for (; counted < Math.min(at, source.length()); counted++) {
            line += source.charAt(counted) == '\n' ? 1 : 0;
        }
        return line;
    }

    private JinjaException error(String message) {
        return new JinjaException(message, line());
    }
}
