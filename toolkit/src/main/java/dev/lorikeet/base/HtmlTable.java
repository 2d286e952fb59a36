package dev.lorikeet.base;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * An HTML table for a notebook: numbers are right-aligned, text is left-aligned, sentences are cut with an ellipsis where
 * they are long, and paths wrap. A table that is wider than the window scrolls in a box of its own.
 * Colours are JupyterLab's variables, so that it follows the theme; elsewhere (an export, GitHub) it inherits the page's.
 */
public final class HtmlTable {

    private static final int LONGEST_TEXT = 300;
    private static final int LONGEST_TIP = 1000;
    private static final int LONG_WORD = 48;
    private static final String FAINT = HtmlStyles.FAINT;
    private static final String LINE = "1px solid var(--jp-border-color2, rgba(128, 128, 128, 0.4))";
    private static final String CELL = "padding: 3px 12px; vertical-align: top; max-width: 36em;"
            + " overflow: hidden; text-overflow: ellipsis; white-space: nowrap; ";

    private static final String WRAPPED = "white-space: normal; min-width: 12em; " + HtmlStyles.WRAP;

    private final List<String> headers;
    private final List<List<Object>> rows = new ArrayList<>();
    private final List<Integer> totals = new ArrayList<>();
    private String title = "";
    private String caption = "";

    private HtmlTable(List<String> headers) {
        this.headers = headers;
    }

    /** Starts a table with these column names; without any it has no header. */
    public static HtmlTable of(String... headers) {
        return of(Arrays.asList(headers));
    }

    public static HtmlTable of(List<String> headers) {
        return new HtmlTable(List.copyOf(headers));
    }

    /** Adds a row: a {@link Number} is formatted and right-aligned, {@code null} is a dash, everything else is text. */
    public HtmlTable row(Object... cells) {
        return row(Arrays.asList(cells));
    }

    public HtmlTable row(List<?> cells) {
        rows.add(new ArrayList<>(cells));
        return this;
    }

    /** Adds a row in bold with a line above it, such as a sum. */
    public HtmlTable total(Object... cells) {
        totals.add(rows.size());
        return row(cells);
    }

    /** Sets a bold line above the table. */
    public HtmlTable title(String text) {
        title = text;
        return this;
    }

    /** Sets a faint line below the table, such as the number of rows. */
    public HtmlTable caption(String text) {
        caption = text;
        return this;
    }

    public String html() {
        boolean[] right = numeric();
        StringBuilder html = new StringBuilder("<div style=\"" + HtmlStyles.SCROLL + "margin: 4px 0\">");
        if (!title.isEmpty()) {
            html.append("<div style=\"" + HtmlStyles.WRAP + "margin-bottom: 4px\"><b>")
                    .append(escape(title))
                    .append("</b></div>");
        }
        html.append("<table style=\"border-collapse: collapse; margin: 0; border: none\">");
        appendHeader(html, right);
        html.append("<tbody>");
        for (int i = 0; i < rows.size(); i++) {
            appendRow(html, rows.get(i), totals.contains(i), right);
        }
        html.append("</tbody></table>");
        if (!caption.isEmpty()) {
            html.append("<div style=\"" + HtmlStyles.WRAP + "color: " + FAINT + "; margin-top: 4px\"><small>")
                    .append(escape(caption))
                    .append("</small></div>");
        }
        return html.append("</div>").toString();
    }

    /** Escapes HTML's special characters, quotes included. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Formats a number as tables show it: whole ones from 10,000 with separators, others with four significant digits. */
    public static String format(Number number) {
        double value = number.doubleValue();
        if (!Double.isFinite(value)) {
            return number.toString();
        }
        boolean fraction = number instanceof Double || number instanceof Float || number instanceof BigDecimal;
        double size = Math.abs(value);
        if (!fraction) {
            return size < 10_000 ? number.toString() : String.format(Locale.ROOT, "%,d", number.longValue());
        }
        if (value == Math.rint(value) && size < 1e6) {
            return String.format(Locale.ROOT, size < 10_000 ? "%.1f" : "%,.1f", value);
        }
        if (size < 1e-3 || size >= 1e6) {
            return String.format(Locale.ROOT, "%.3e", value);
        }
        int decimals = Math.max(1, 3 - (int) Math.floor(Math.log10(size)));
        return String.format(Locale.ROOT, size < 10_000 ? "%." + decimals + "f" : "%,." + decimals + "f", value);
    }

    private void appendHeader(StringBuilder html, boolean[] right) {
        if (headers.isEmpty()) {
            return;
        }
        html.append("<thead><tr>");
        for (int column = 0; column < headers.size(); column++) {
            html.append("<th style=\"" + CELL + "border: none; border-bottom: " + LINE + "; text-align: ")
                    .append(right[column] ? "right" : "left")
                    .append("\">")
                    .append(escape(headers.get(column)))
                    .append("</th>");
        }
        html.append("</tr></thead>");
    }

    /** Finds the columns of numbers; a single character, such as a dash, does not count as text. */
    private boolean[] numeric() {
        int width = rows.stream().mapToInt(List::size).reduce(headers.size(), Math::max);
        boolean[] number = new boolean[width];
        boolean[] text = new boolean[width];
        for (List<Object> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                number[column] |= row.get(column) instanceof Number;
                text[column] |= row.get(column) instanceof CharSequence chars && chars.length() > 1;
            }
        }
        for (int column = 0; column < width; column++) {
            number[column] &= !text[column];
        }
        return number;
    }

    private static void appendRow(StringBuilder html, List<Object> cells, boolean total, boolean[] right) {
        html.append("<tr>");
        for (int column = 0; column < cells.size(); column++) {
            Object cell = cells.get(column);
            html.append("<td style=\"" + CELL + (isOneLongWord(cell) ? WRAPPED : "") + "border: none; ")
                    .append(total ? "border-top: " + LINE + "; " : "")
                    .append("text-align: ")
                    .append(cell instanceof Number || right[column] ? "right" : "left")
                    .append('"');
            appendContent(html, cell, total);
            html.append("</td>");
        }
        html.append("</tr>");
    }

    /** Whether the cell is a path or the like, which is of no use if it is cut. */
    private static boolean isOneLongWord(Object cell) {
        return cell instanceof CharSequence text
                && text.length() > LONG_WORD
                && text.chars().noneMatch(Character::isWhitespace);
    }

    private static void appendContent(StringBuilder html, Object cell, boolean total) {
        if (cell == null) {
            html.append("><span style=\"color: " + FAINT + "\">–</span>");
            return;
        }
        String text = cell instanceof Number number ? format(number) : cell.toString();
        if (text.length() > LONG_WORD) {
            html.append(" title=\"").append(escape(cut(text, LONGEST_TIP))).append('"');
        }
        html.append(total ? "><b>" : ">")
                .append(escape(cut(text, LONGEST_TEXT)))
                .append(total ? "</b>" : "");
    }

    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        // A pair of surrogates is one character: keep it whole.
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end) + "…";
    }
}
