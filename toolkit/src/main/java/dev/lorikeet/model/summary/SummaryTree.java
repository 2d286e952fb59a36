package dev.lorikeet.model.summary;

import dev.lorikeet.base.HtmlStyles;
import dev.lorikeet.base.HtmlTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A {@link ModelSummary} as a tree that folds: a line each block, with the sums of what is in it and a mark that says whether it
 * is trained. What holds both trained and frozen weights is open at first.
 */
final class SummaryTree {

    private static final double INDENT = 1.3;

    /** What browsers put before a line that folds. */
    private static final double MARKER = 1.05;

    private static final double NAME_WIDTH = 19;
    private static final String COLUMNS = "minmax(0, 15em) minmax(0, 11em) 8em 5em 3em";
    private static final String FAINT = HtmlStyles.FAINT;
    private static final String NUMBER = "text-align: right; font-variant-numeric: tabular-nums";

    private final String name;
    private final Map<String, SummaryTree> children = new LinkedHashMap<>();

    /** The rows of this block and all in it. */
    private final List<ModelSummary.Row> rows = new ArrayList<>();

    /** What the block itself is; null if it only holds others. */
    private ModelSummary.Row own;

    private SummaryTree(String name) {
        this.name = name;
    }

    static String html(ModelSummary summary) {
        SummaryTree root = new SummaryTree(summary.model());
        for (ModelSummary.Row row : summary.rows()) {
            SummaryTree node = root;
            root.rows.add(row);
            for (String part : path(row.name())) {
                node = node.children.computeIfAbsent(part, SummaryTree::new);
                node.rows.add(row);
            }
            node.own = node.own == null ? row : node.own;
        }
        StringBuilder html = new StringBuilder("<div style=\"overflow-x: auto; margin: 4px 0\">")
                .append("<div style=\"min-width: 64em; line-height: 1.6\">")
                .append(header())
                .append("<details open><summary>")
                .append(line("<b>" + HtmlTable.escape(root.name) + "</b>", MARKER, root))
                .append("</summary>");
        root.children.values().forEach(child -> child.append(html, "", 1));
        return html.append("</details></div><div style=\"color: " + FAINT + "\"><small>")
                .append(HtmlTable.escape(summary.tokenizer() + ". " + summary.totals()))
                .append(". ● trained, ◐ in part, ○ frozen</small></div></div>")
                .toString();
    }

    /** The row of an adapter is named after the block that it is on. */
    private static List<String> path(String name) {
        int plus = name.indexOf(" + ");
        List<String> path = new ArrayList<>(List.of((plus < 0 ? name : name.substring(0, plus)).split("\\.")));
        if (plus >= 0) {
            path.add(name.substring(plus + 1));
        }
        return path;
    }

    /** @param before names of blocks that have but this one in them, with dots */
    private void append(StringBuilder html, String before, int depth) {
        if (children.size() == 1 && sameRowsBelow()) {
            children.values().iterator().next().append(html, before + name + ".", depth);
            return;
        }
        String label = HtmlTable.escape(before + name);
        html.append(String.format(Locale.ROOT, "<div style=\"padding-left: %.1fem\">", INDENT));
        if (children.isEmpty()) {
            html.append(String.format(Locale.ROOT, "<div style=\"padding-left: %.1fem\">", INDENT))
                    .append(line(label, INDENT * (depth + 1), this))
                    .append("</div>");
        } else {
            html.append(isTrained() && !isTrainedWhole() ? "<details open>" : "<details>")
                    .append("<summary>")
                    .append(line(label, INDENT * depth + MARKER, this))
                    .append("</summary>");
            children.values().forEach(child -> child.append(html, "", depth + 1));
            html.append("</details>");
        }
        html.append("</div>");
    }

    /** Whether the only child has all that this one has. */
    private boolean sameRowsBelow() {
        return children.values().iterator().next().rows.size() == rows.size();
    }

    private static String header() {
        String head = "<b style=\"" + NUMBER + "\">%s</b>";
        return grid(
                0, "Layer", "<b>Kind</b>", "<b>Output</b>", head.formatted("Parameters"), head.formatted("MiB"), "");
    }

    /** @param left em that stand before it */
    private static String line(String label, double left, SummaryTree node) {
        long parameters =
                node.rows.stream().mapToLong(ModelSummary.Row::parameters).sum();
        double megabytes =
                node.rows.stream().mapToDouble(ModelSummary.Row::megabytes).sum();
        String number = "<span style=\"" + NUMBER + "\">%s</span>";
        return grid(
                left,
                label,
                cell(node.own == null ? "" : node.own.kind()),
                cell(node.own == null ? "" : node.own.output()),
                number.formatted(String.format(Locale.ROOT, "%,d", parameters)),
                number.formatted(String.format(Locale.ROOT, "%.2f", megabytes)),
                node.mark());
    }

    private static String cell(String text) {
        return "<span style=\"overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: " + FAINT
                + "\" title=\"" + HtmlTable.escape(text) + "\">" + HtmlTable.escape(text) + "</span>";
    }

    private static String grid(double left, String label, String... cells) {
        return String.format(
                Locale.ROOT,
                "<span style=\"display: inline-grid; column-gap: 1em; vertical-align: top; grid-template-columns: %.1fem %s\">"
                        + "<span style=\"white-space: nowrap\">%s</span> %s</span>",
                NAME_WIDTH - left,
                COLUMNS,
                label,
                String.join(" ", cells));
    }

    private String mark() {
        if (rows.stream().allMatch(row -> row.parameters() == 0)) {
            return "<small>" + HtmlTable.escape(rows.get(0).trainable()) + "</small>";
        }
        String mark = isTrainedWhole() ? "●" : isTrained() ? "◐" : "○";
        return "<span style=\"text-align: center\">" + mark + "</span>";
    }

    private boolean isTrained() {
        return rows.stream().anyMatch(SummaryTree::isTrained);
    }

    private boolean isTrainedWhole() {
        return rows.stream().filter(row -> row.parameters() > 0).allMatch(SummaryTree::isTrained);
    }

    private static boolean isTrained(ModelSummary.Row row) {
        return row.trainable().equals(ModelSummary.TRAINABLE);
    }
}
