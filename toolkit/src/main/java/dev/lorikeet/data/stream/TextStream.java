package dev.lorikeet.data.stream;

import dev.lorikeet.base.BadArgumentException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Labelled texts that are read anew for each epoch, and never all at once: {@code FineTune.of(model).on(TextStream.csv("big.csv", "text",
 * "label"))}.
 *
 * @param name for messages and checkpoints, such as the name of the file
 * @param rows how many there are
 * @param source opens them from the first one on; each call gives the same texts in the same order
 */
public record TextStream(String name, long rows, Supplier<Stream<LabelledText>> source) {

    public TextStream {
        BadArgumentException.required(name, "name");
        BadArgumentException.required(source, "source");
        BadArgumentException.unless(rows > 0, "rows of " + name, rows, "at least 1");
    }

    /**
     * Reads a CSV file with a header while training goes on. It is read once before, to count its rows and check them.
     *
     * @throws dev.lorikeet.base.BadFileException if the file is missing or a row has no label or no text; it names the row
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column
     */
    public static TextStream csv(Path file, String textColumn, String labelColumn) {
        return new CsvStream(file, textColumn, labelColumn).stream();
    }

    /** Reads a CSV file as {@link #csv(Path, String, String)} does. */
    public static TextStream csv(String file, String textColumn, String labelColumn) {
        return csv(Path.of(file), textColumn, labelColumn);
    }

    /** Takes texts from elsewhere, such as a database. */
    public static TextStream of(String name, long rows, Supplier<Stream<LabelledText>> source) {
        return new TextStream(name, rows, source);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d texts of %s, read as they are needed", rows, name);
    }
}
