package dev.lorikeet.data.stream;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads a CSV file row by row (RFC 4180, UTF-8).
 *
 * @param text name of the column with texts
 * @param label name of the column with labels
 */
record CsvStream(Path file, String text, String label) {

    private static final int MOST_CHARACTERS = 10_000_000;
    private static final int ROWS_BETWEEN_CHECKS = 10_000;

    TextStream stream() {
        if (!Files.isRegularFile(file)) {
            throw new BadFileException(file, "does not exist");
        }
        return new TextStream(String.valueOf(file.getFileName()), count(), this::open);
    }

    private long count() {
        long rows = 0;
        try (Stream<LabelledText> all = open()) {
            for (Iterator<LabelledText> each = all.iterator(); each.hasNext(); each.next()) {
                if (rows++ % ROWS_BETWEEN_CHECKS == 0) {
                    StoppedException.check("Reading " + file + " was stopped");
                }
            }
        }
        if (rows == 0) {
            throw new BadFileException(file, "has no rows below its header");
        }
        return rows;
    }

    private Stream<LabelledText> open() {
        CsvParserSettings settings = new CsvParserSettings();
        settings.setLineSeparatorDetectionEnabled(true);
        settings.setMaxCharsPerColumn(MOST_CHARACTERS);
        settings.setIgnoreLeadingWhitespaces(false);
        settings.setIgnoreTrailingWhitespaces(false);
        CsvParser parser = new CsvParser(settings);
        try {
            Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
            parser.beginParsing(reader);
            Rows rows = new Rows(parser);
            return StreamSupport.stream(
                            Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED | Spliterator.NONNULL), false)
                    .onClose(parser::stopParsing);
        } catch (IOException | UncheckedIOException e) {
            throw new BadFileException(file, "could not be read: " + e.getMessage(), e);
        }
    }

    /** The rows after the header. */
    private final class Rows implements Iterator<LabelledText> {

        private final CsvParser parser;
        private final int textAt;
        private final int labelAt;
        private String[] next;

        Rows(CsvParser parser) {
            this.parser = parser;
            List<String> header = Arrays.asList(orEmpty(read()));
            textAt = column(text, header);
            labelAt = column(label, header);
            next = read();
        }

        private int column(String name, List<String> header) {
            int at = header.indexOf(name);
            if (at < 0) {
                throw new UnknownNameException("column of " + file, name, header);
            }
            return at;
        }

        private String[] read() {
            try {
                return parser.parseNext();
            } catch (TextParsingException e) {
                throw new BadFileException(
                        file,
                        "cannot be read as CSV at line %d: a text is too long, or a quotation mark is missing"
                                .formatted(e.getLineIndex() + 1),
                        e);
            }
        }

        private static String[] orEmpty(String[] row) {
            return row == null ? new String[0] : row;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public LabelledText next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            LabelledText row = new LabelledText(cell(labelAt, label), cell(textAt, text));
            next = read();
            return row;
        }

        private String cell(int at, String column) {
            if (at >= next.length || next[at] == null || next[at].isBlank()) {
                throw new BadFileException(
                        file,
                        "has nothing in the column \"%s\" of the row that ends at line %d"
                                .formatted(column, parser.getContext().currentLine()));
            }
            return next[at];
        }
    }
}
