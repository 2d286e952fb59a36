package dev.lorikeet.data.token;

import dev.lorikeet.base.HtmlTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Neighbouring tokens of a previewed row of which the same becomes. A long run is shown by its beginning and its end. */
public final class TokenRun {

    private static final int LONGEST = 300;
    private static final int BEGINNING = 200;
    private static final int END = 50;

    /** What becomes of a token. */
    public enum Fate {
        LEARNED("mark", "background: rgba(46, 160, 67, 0.3); color: inherit; padding: 2px 0", "\u00ab", "\u00bb"),
        READ("span", "", "", ""),
        CUT("del", "background: rgba(218, 54, 51, 0.2); color: inherit; padding: 2px 0", "[cut off: ", "]");

        private final String element;
        private final String style;
        private final String open;
        private final String close;

        Fate(String element, String style, String open, String close) {
            this.element = element;
            this.style = style;
            this.open = open;
            this.close = close;
        }

        public String html(String content) {
            return "<%s style=\"%s\">%s</%s>".formatted(element, style, content, element);
        }

        public String text(String content) {
            return open + content + close;
        }
    }

    /**
     * A token.
     *
     * @param index place in the whole text
     * @param text characters that are complete with it; none while a character is incomplete
     */
    private record Token(int id, int index, String text, boolean special) {}

    private final Fate fate;
    private final List<Token> tokens = new ArrayList<>();

    TokenRun(Fate fate) {
        this.fate = fate;
    }

    Fate fate() {
        return fate;
    }

    int size() {
        return tokens.size();
    }

    void add(int id, int index, String text, boolean special) {
        tokens.add(new Token(id, index, text, special));
    }

    private List<Token> beginning() {
        return tokens.subList(0, size() > LONGEST ? BEGINNING : size());
    }

    private List<Token> end() {
        return tokens.subList(size() > LONGEST ? size() - END : size(), size());
    }

    private String hidden() {
        return size() <= LONGEST
                ? ""
                : String.format(Locale.ROOT, " … %,d tokens not shown … ", size() - BEGINNING - END);
    }

    /** Draws a special token with a frame. */
    public static String special(String text) {
        return "<span style=\"border: 1px solid rgba(128, 128, 128, 0.7); border-radius: 3px; padding: 0 2px\">"
                + HtmlTable.escape(text) + "</span>";
    }

    public String html() {
        StringBuilder html = new StringBuilder();
        beginning().forEach(token -> html.append(html(token)));
        html.append("<i>").append(hidden()).append("</i>");
        end().forEach(token -> html.append(html(token)));
        return fate.html(html.toString());
    }

    /** Draws a token with a thin line after it; its number and id appear under the mouse. */
    private static String html(Token token) {
        String text = token.special()
                ? special(token.text())
                : HtmlTable.escape(token.text()).replace("\n", "<span style=\"opacity: 0.6\">↵</span>\n");
        return String.format(
                Locale.ROOT,
                "<span title=\"token %,d, id %d\" style=\"border-right: 1px solid rgba(128, 128, 128, 0.35)\">%s</span>",
                token.index(),
                token.id(),
                text);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        beginning().forEach(token -> text.append(token.text()));
        text.append(hidden());
        end().forEach(token -> text.append(token.text()));
        return fate.text(text.toString());
    }
}
