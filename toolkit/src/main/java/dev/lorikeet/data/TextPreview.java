package dev.lorikeet.data;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import java.util.List;
import java.util.Locale;

/** The first rows of a data set as they are written; a notebook shows them as HTML, a console as text. */
public final class TextPreview implements Renderable {

    /** How many rows are shown unless a number is given. */
    static final int ROWS = 3;

    private static final int LONGEST = 600;
    private static final String LINE = "1px solid var(--jp-border-color2, rgba(128, 128, 128, 0.4))";

    /**
     * A text of a row.
     *
     * @param name its role or its column
     */
    record Passage(String name, String text) {

        /** Cuts a long text and says by how much. */
        String shown() {
            if (text.length() <= LONGEST) {
                return text;
            }
            int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
            return text.substring(0, end) + String.format(Locale.ROOT, "… (%,d more characters)", text.length() - end);
        }
    }

    private final String title;
    private final List<List<Passage>> rows;
    private final int all;

    /** @param all the number of rows that there are */
    TextPreview(String title, List<List<Passage>> rows, int all) {
        this.title = title;
        this.rows = rows;
        this.all = all;
    }

    private String rest() {
        return rows.size() == all ? "" : String.format(Locale.ROOT, "The first %,d of %,d rows", rows.size(), all);
    }

    @Override
    public String html() {
        StringBuilder html = new StringBuilder("<div style=\"margin: 4px 0\"><b>")
                .append(HtmlTable.escape(title))
                .append("</b><table style=\"border-collapse: collapse; border: none; margin: 4px 0\"><tbody>");
        for (int row = 0; row < rows.size(); row++) {
            for (int i = 0; i < rows.get(row).size(); i++) {
                Passage passage = rows.get(row).get(i);
                String line = i == 0 && row > 0 ? "border: none; border-top: " + LINE : "border: none";
                String cell = line + "; padding: 3px 12px 3px 0; vertical-align: top; text-align: left; ";
                html.append("<tr><td style=\"" + cell + "\">")
                        .append(i == 0 ? row : "")
                        .append("</td><td style=\"" + cell + "\"><b>")
                        .append(HtmlTable.escape(passage.name()))
                        .append("</b></td><td style=\"" + cell + "white-space: pre-wrap; overflow-wrap: anywhere\">")
                        .append(HtmlTable.escape(passage.shown()))
                        .append("</td></tr>");
            }
        }
        html.append("</tbody></table>");
        if (!rest().isEmpty()) {
            html.append("<small>").append(rest()).append("</small>");
        }
        return html.append("</div>").toString();
    }

    @Override
    public String toString() {
        String newline = System.lineSeparator();
        int width = rows.stream()
                .flatMap(List::stream)
                .mapToInt(passage -> passage.name().length())
                .max()
                .orElse(1);
        StringBuilder text = new StringBuilder(title);
        for (int row = 0; row < rows.size(); row++) {
            text.append(newline).append(newline).append("Row ").append(row);
            for (Passage passage : rows.get(row)) {
                String lines = passage.shown().replaceAll("\\R", newline + " ".repeat(width + 4));
                text.append(newline).append(String.format("  %-" + width + "s  %s", passage.name(), lines));
            }
        }
        return rest().isEmpty()
                ? text.toString()
                : text.append(newline).append(newline).append(rest()).toString();
    }
}
