package dev.lorikeet.data.table;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text into rows and cells (RFC 4180, with any separator and any line end); blank lines are no rows. It does not use
 * Tablesaw's reader, which treats "NA" as missing, truncates columns at 4,096 characters and changes line ends inside quotes, all
 * of which occur in texts.
 */
final class CsvRows {

    private static final int MOST_SHOWN = 30;

    private final Path file;
    private final String text;
    private final CsvSeparator separator;
    private int at;
    private int line;

    private CsvRows(Path file, String text, CsvSeparator separator) {
        this.file = file;
        this.text = text;
        this.separator = separator;
        this.at = separator.start();
        this.line = separator.start() == 0 ? 1 : 2;
    }

    /**
     * Cuts the text of a file.
     *
     * @throws BadFileException if quotation marks do not pair; it names the line
     */
    static List<TableRow> of(Path file, String text, CsvSeparator separator) {
        return new CsvRows(file, text, separator).rows();
    }

    private List<TableRow> rows() {
        List<TableRow> rows = new ArrayList<>();
        while (at < text.length()) {
            StoppedException.check("Reading was interrupted");
            int first = line;
            int from = at;
            List<String> cells = row();
            if (cells.size() > 1 || !text.substring(from, at).isBlank()) {
                rows.add(new TableRow(first, cells));
            }
        }
        return rows;
    }

    private List<String> row() {
        List<String> cells = new ArrayList<>();
        cells.add(cell());
        while (at < text.length() && text.charAt(at) == separator.character()) {
            at++;
            cells.add(cell());
        }
        endLine();
        return cells;
    }

    private void endLine() {
        if (at < text.length()) {
            at += text.startsWith("\r\n", at) ? 2 : 1;
            line++;
        }
    }

    private boolean isCellEnd() {
        return at == text.length() || text.charAt(at) == separator.character() || isLineEnd(text.charAt(at));
    }

    private static boolean isLineEnd(char character) {
        return character == '\n' || character == '\r';
    }

    private String cell() {
        return at < text.length() && text.charAt(at) == '"' ? quoted() : bare();
    }

    private String bare() {
        int from = at;
        while (!isCellEnd()) {
            at++;
        }
        return text.substring(from, at);
    }

    private String quoted() {
        int opened = line;
        int from = at++;
        StringBuilder value = new StringBuilder();
        while (true) {
            int quote = text.indexOf('"', at);
            if (quote < 0) {
                throw new BadFileException(
                        file,
                        "line %d: the quotation mark before %s is never closed; close it, or write it twice if it belongs to a quoted text"
                                .formatted(opened, shown(from + 1)));
            }
            value.append(text, at, quote);
            countLines(at, quote);
            at = quote + 1;
            if (!text.startsWith("\"", at)) {
                endQuoted(opened);
                return value.toString();
            }
            value.append('"');
            at++;
        }
    }

    private void countLines(int from, int to) {
        for (int i = from; i < to; i++) {
            boolean inPair = text.charAt(i) == '\r' && text.startsWith("\n", i + 1);
            line += isLineEnd(text.charAt(i)) && !inPair ? 1 : 0;
        }
    }

    /** Skips spaces behind a quoted text. */
    private void endQuoted(int opened) {
        int closed = at;
        while (!isCellEnd() && text.charAt(at) == ' ') {
            at++;
        }
        if (!isCellEnd()) {
            throw new BadFileException(
                    file,
                    "line %d: %s follows the quotation mark that closes the text opened in line %d; expected %s. A quotation mark within a quoted text is written twice"
                            .formatted(line, shown(closed), opened, separator.name()));
        }
    }

    private String shown(int from) {
        String start = text.substring(from, Math.min(text.length(), from + MOST_SHOWN));
        return "\"" + start.lines().findFirst().orElse("") + "\"";
    }
}
