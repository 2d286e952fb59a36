package dev.lorikeet.text.span;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A text with its spans.
 *
 * @param spans in the order of the text
 */
public record Tagged(String text, List<Span> spans) implements Renderable {

    private static final String MARK = "<mark style=\"background: rgba(%s, 0.28); color: inherit; border-radius: 3px; "
            + "padding: 1px 3px\">%s <small style=\"opacity: 0.75\">%s</small></mark>";

    /** Colours that people tell apart whatever they see of red and green (Okabe and Ito 2008), on light and dark pages. */
    private static final List<String> COLOURS = List.of(
            "0, 158, 115",
            "230, 159, 0",
            "86, 180, 233",
            "204, 121, 167",
            "213, 94, 0",
            "0, 114, 178",
            "240, 228, 66",
            "128, 128, 128");

    public Tagged {
        BadArgumentException.required(text, "text");
        spans = spans.stream().sorted(Comparator.comparingInt(Span::start)).toList();
        for (Span span : spans) {
            BadArgumentException.unless(
                    span.end() <= text.length(),
                    "span",
                    span,
                    "within the text, which has %d characters: \"%s\"".formatted(text.length(), text));
        }
    }

    /** The spans in one line, such as "place: Vienna, person: Ada"; "none" if there are none. */
    public String named() {
        return spans.isEmpty()
                ? "none"
                : spans.stream()
                        .map(span -> span.label() + ": " + span.in(text))
                        .collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return "%s (%s)".formatted(text, named());
    }

    @Override
    public String html() {
        StringBuilder html = new StringBuilder("<div style=\"white-space: pre-wrap; line-height: 1.7\">");
        int at = 0;
        for (Span span : spans) {
            // Of spans that overlap only the rest can be marked.
            int start = Math.max(at, span.start());
            if (start < span.end()) {
                html.append(HtmlTable.escape(text.substring(at, start)));
                html.append(MARK.formatted(
                        colour(span.label()),
                        HtmlTable.escape(text.substring(start, span.end())),
                        HtmlTable.escape(label(span))));
                at = span.end();
            }
        }
        return html.append(HtmlTable.escape(text.substring(at)))
                .append("</div>")
                .toString();
    }

    /** The same for a label in every text. */
    private static String colour(String label) {
        return COLOURS.get(label.chars().sum() % COLOURS.size());
    }

    private static String label(Span span) {
        return span.probability() == 1 ? span.label() : span.label() + " " + Quantities.percent(span.probability());
    }
}
