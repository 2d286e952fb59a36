package dev.lorikeet.notebook.view;

import dev.lorikeet.base.HtmlStyles;
import dev.lorikeet.base.HtmlTable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** Renders an exception: its message, its causes, and a folded stack trace. */
final class ErrorView {

    private static final int MOST_CAUSES = 10;

    private ErrorView() {}

    static MimeBundle bundle(Throwable error) {
        List<String> lines = new ArrayList<>();
        for (Throwable each = error; each != null && lines.size() < MOST_CAUSES; each = each.getCause()) {
            lines.add((lines.isEmpty() ? "" : "caused by ") + line(each));
        }
        StringBuilder html = new StringBuilder("<div style=\"margin: 4px 0; " + HtmlStyles.WRAP + "\">");
        for (String line : lines) {
            html.append("<div style=\"color: " + HtmlStyles.ERROR + "\">")
                    .append(HtmlTable.escape(line))
                    .append("</div>");
        }
        html.append("<details><summary>Stack</summary><pre style=\"" + HtmlStyles.SCROLL + "\">")
                .append(HtmlTable.escape(stack(error)))
                .append("</pre></details></div>");
        return MimeBundle.html(html.toString(), String.join(System.lineSeparator(), lines));
    }

    private static String line(Throwable error) {
        String name = error.getClass().getSimpleName();
        return error.getMessage() == null ? name : name + ": " + error.getMessage();
    }

    private static String stack(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
