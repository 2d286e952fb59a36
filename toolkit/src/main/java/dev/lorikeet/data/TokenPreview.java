package dev.lorikeet.data;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.token.EncodedText;
import dev.lorikeet.data.token.ShownRow;
import dev.lorikeet.data.token.TokenRun;
import dev.lorikeet.data.token.TokenTotals;
import dev.lorikeet.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * The first rows as a model reads them: which tokens are learned, which are only read, and which are cut off. A notebook shows
 * it as HTML, a console as text.
 */
public final class TokenPreview implements Renderable {

    /** So many rows are tokenised for the averages. */
    private static final int SAMPLE = 200;

    private static final String FAINT = "color: var(--jp-content-font-color2, GrayText)";

    private final String title;
    private final List<ShownRow> rows;
    private final TokenTotals totals;

    private TokenPreview(String title, List<ShownRow> rows, TokenTotals totals) {
        this.title = title;
        this.rows = rows;
        this.totals = totals;
    }

    /**
     * Tokenises the first rows.
     *
     * @param all the number of rows that there are
     */
    static TokenPreview of(
            Documents documents, int all, IntFunction<EncodedText> reader, Tokenizer tokenizer, int shown) {
        List<ShownRow> rows = new ArrayList<>();
        TokenTotals totals = new TokenTotals(all, documents.length());
        for (int i = 0; i < Math.min(all, Math.max(SAMPLE, shown)); i++) {
            StoppedException.check("The preview was interrupted");
            EncodedText text = reader.apply(i);
            totals.add(text, text.row());
            if (i < shown) {
                rows.add(ShownRow.of(i, text, tokenizer));
            }
        }
        return new TokenPreview(documents.toString(), rows, totals);
    }

    @Override
    public String html() {
        StringBuilder html = new StringBuilder("<div style=\"margin: 4px 0\"><b>")
                .append(HtmlTable.escape(title))
                .append("</b>");
        totals.lines()
                .forEach(line ->
                        html.append("<div>").append(HtmlTable.escape(line)).append("</div>"));
        html.append("<div style=\"margin: 6px 0\"><small>")
                .append(TokenRun.Fate.LEARNED.html("learned"))
                .append(" · read only · ")
                .append(TokenRun.Fate.CUT.html("cut off"))
                .append(" · ")
                .append(TokenRun.special("special token"))
                .append("</small></div>");
        for (ShownRow row : rows) {
            html.append("<div style=\"margin-top: 8px\"><b>Row ")
                    .append(row.index())
                    .append("</b> <span style=\"" + FAINT + "\">")
                    .append(HtmlTable.escape(row.summary()))
                    .append(
                            "</span></div><pre style=\"white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.7;"
                                    + " margin: 2px 0 0; padding: 4px 0 4px 10px; border-left: 3px solid"
                                    + " rgba(128, 128, 128, 0.4)\">");
            row.runs().forEach(run -> html.append(run.html()));
            html.append("</pre>");
        }
        return html.append("</div>").toString();
    }

    @Override
    public String toString() {
        String newline = System.lineSeparator();
        StringBuilder text = new StringBuilder(title);
        totals.lines().forEach(line -> text.append(newline).append(line));
        text.append(newline).append(TokenRun.Fate.LEARNED.text("learned")).append("  read only");
        for (ShownRow row : rows) {
            text.append(newline).append(newline);
            text.append(String.format(Locale.ROOT, "Row %d: %s", row.index(), row.summary()));
            text.append(newline);
            row.runs().forEach(run -> text.append(run));
        }
        return text.toString();
    }
}
