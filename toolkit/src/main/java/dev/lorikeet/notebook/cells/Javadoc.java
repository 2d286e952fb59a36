package dev.lorikeet.notebook.cells;

import dev.lorikeet.base.HtmlTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Documentation;

/**
 * Documentation of a call, rendered: JShell gives a signature with qualified names, and a comment with its tags as they stand in
 * the source.
 *
 * @param signature the signature with simple names
 * @param body the description as HTML
 * @param tags the block tags, such as parameters
 */
record Javadoc(String signature, String body, List<Tag> tags) {

    /** A block tag: its heading, the name of what it describes (may be empty), and the description as HTML. */
    record Tag(String heading, String name, String body) {}

    private static final Pattern QUALIFIER = Pattern.compile("\\b(?:[a-z_][\\w]*\\.)+(?=[A-Z])");
    /** The type parameters of the class before a method's name. */
    private static final Pattern OWNERS_TYPES = Pattern.compile("<(?:[^<>]|<[^<>]*>)*>(?=\\.)");

    private static final Pattern BLOCK = Pattern.compile("(?m)^\\s*@(\\w+)\\b");
    private static final Pattern INLINE = Pattern.compile("\\{@(\\w+)\\s*");

    static Javadoc of(String signature, String comment) {
        String text = comment == null ? "" : comment;
        List<Tag> tags = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        int begin = text.length();
        List<int[]> found = new ArrayList<>();
        while (block.find()) {
            found.add(new int[] {block.start(), block.start(1), block.end()});
            begin = Math.min(begin, block.start());
        }
        for (int i = 0; i < found.size(); i++) {
            int[] at = found.get(i);
            int end = i + 1 < found.size() ? found.get(i + 1)[0] : text.length();
            tag(text.substring(at[1], at[2]), text.substring(at[2], end).strip())
                    .ifPresent(tags::add);
        }
        String simple = QUALIFIER.matcher(signature).replaceAll("");
        return new Javadoc(OWNERS_TYPES.matcher(simple).replaceAll(""), html(text.substring(0, begin)), tags);
    }

    private static Optional<Tag> tag(String name, String text) {
        return switch (name) {
            case "param", "throws", "exception" -> {
                String[] parts = text.split("\\s+", 2);
                yield Optional.of(new Tag(
                        name.equals("param") ? "Parameter" : "Throws",
                        reference(parts[0]),
                        html(parts.length > 1 ? parts[1] : "")));
            }
            case "return" -> Optional.of(new Tag("Returns", "", html(text)));
            case "see" -> Optional.of(new Tag("See", "", html(reference(text))));
            case "deprecated" -> Optional.of(new Tag("Deprecated", "", html(text)));
            default -> Optional.empty();
        };
    }

    /** Replaces inline tags by HTML; a comment's own HTML stays. */
    private static String html(String text) {
        StringBuilder html = new StringBuilder();
        int at = 0;
        Matcher tag = INLINE.matcher(text);
        while (tag.find(at)) {
            int end = closing(text, tag.end());
            String content = text.substring(tag.end(), end).strip();
            html.append(text, at, tag.start()).append(inline(tag.group(1), content));
            at = Math.min(text.length(), end + 1);
        }
        return html.append(text.substring(Math.min(at, text.length())))
                .toString()
                .strip();
    }

    /** The place of the brace that closes the one before {@code from}. */
    private static int closing(String text, int from) {
        int open = 1;
        for (int i = from; i < text.length(); i++) {
            open += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (open == 0) {
                return i;
            }
        }
        return text.length();
    }

    private static String inline(String tag, String content) {
        return switch (tag) {
            case "code" -> "<code>" + HtmlTable.escape(content) + "</code>";
            case "literal" -> HtmlTable.escape(content);
            case "link", "linkplain" -> link(content);
            case "value" -> "<code>" + HtmlTable.escape(reference(content)) + "</code>";
            case "inheritDoc" -> "";
            default -> html(content);
        };
    }

    private static String link(String content) {
        int label = labelOf(content);
        return label < 0
                ? "<code>" + HtmlTable.escape(reference(content)) + "</code>"
                : html(content.substring(label).strip());
    }

    /** Where the label of a link begins: after the first space outside parentheses. */
    private static int labelOf(String content) {
        int open = 0;
        for (int i = 0; i < content.length(); i++) {
            char each = content.charAt(i);
            open += each == '(' ? 1 : each == ')' ? -1 : 0;
            if (open == 0 && Character.isWhitespace(each)) {
                return i;
            }
        }
        return -1;
    }

    /** Words a reference such as {@code java.util.List#of} as a reader writes it: {@code List.of}. */
    private static String reference(String text) {
        return QUALIFIER.matcher(text).replaceAll("").replaceFirst("^#", "").replace('#', '.');
    }

    String html() {
        StringBuilder html = new StringBuilder("<div><code><b>")
                .append(HtmlTable.escape(signature))
                .append("</b></code>");
        if (!body.isEmpty()) {
            html.append("<div>").append(body).append("</div>");
        }
        for (Tag tag : tags) {
            html.append("<div><i>").append(tag.heading()).append("</i> ");
            if (!tag.name().isEmpty()) {
                html.append("<code>").append(HtmlTable.escape(tag.name())).append("</code>: ");
            }
            html.append(tag.body()).append("</div>");
        }
        return html.append("</div>").toString();
    }

    String text() {
        StringBuilder text = new StringBuilder(signature);
        if (!body.isEmpty()) {
            text.append('\n').append(plain(body));
        }
        for (Tag tag : tags) {
            text.append("\n  ").append(tag.heading());
            text.append(tag.name().isEmpty() ? "" : " " + tag.name()).append(": ");
            text.append(plain(tag.body()));
        }
        return text.toString();
    }

    /** Turns a comment's HTML to lines of text. */
    private static String plain(String html) {
        StringBuilder text = new StringBuilder();
        boolean code = false;
        for (String part : html.split("(?i)(?=<pre\\b)|(?<=</pre>)")) {
            code = part.regionMatches(true, 0, "<pre", 0, 4);
            text.append(code ? part.replaceAll("(?i)</?pre[^>]*>", "\n") : part.replaceAll("\\s+", " "));
        }
        return text.toString()
                .replaceAll("(?i) ?<(?:p|ul|ol|dl|table)(?:\\s[^>]*)?> ?", "\n")
                .replaceAll("(?i) ?<(?:br|tr|dt)\\b[^>]*> ?", "\n")
                .replaceAll("(?i) ?<li>", "\n• ")
                .replaceAll("<[^>]*>", "")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&nbsp;", " ")
                .replace("&amp;", "&")
                .strip();
    }

    /** Finds the documentation of the call at the cursor, all its overloads; empty if there is none. */
    static List<Javadoc> at(SourceCodeAnalysis analysis, String code, int cursor) {
        List<Documentation> found = analysis.documentation(code, afterParenthesis(code, cursor), true);
        return found.stream()
                .map(each -> of(each.signature(), each.javadoc()))
                .distinct()
                .toList();
    }

    /** JShell documents a call whose parenthesis stands before the cursor: moves it over the name and behind that. */
    private static int afterParenthesis(String code, int cursor) {
        int at = Math.min(cursor, code.length());
        while (at < code.length() && Character.isJavaIdentifierPart(code.charAt(at))) {
            at++;
        }
        int open = at;
        while (open < code.length() && Character.isWhitespace(code.charAt(open))) {
            open++;
        }
        return open < code.length() && code.charAt(open) == '(' ? open + 1 : at;
    }
}
