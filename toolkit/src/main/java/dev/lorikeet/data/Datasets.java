package dev.lorikeet.data;

import dev.lorikeet.base.BadFileException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Data sets as Tablesaw tables. Which one a call gives is said on {@code System.out} and is the table's name. */
public final class Datasets {

    private static final String SMS = "SMS Spam Collection";
    private static final String SMALL = "sms-small.tsv";

    private Datasets() {}

    /**
     * The SMS Spam Collection (Almeida and Gómez Hidalgo, 2011; CC BY 4.0): 5,574 text messages, columns {@code label}
     * (4,827 ham, 747 spam) and {@code text}. Taken from the folder in the environment's {@code LORIKEET_DATA}, else
     * from the local cache, else downloaded; where all fail, a few hundred messages written for this project stand in.
     *
     * @throws BadFileException if the file in {@code LORIKEET_DATA} is not the published one
     */
    public static Table smsSpam() {
        return smsSpam(PublicSet.named("sms-spam"), System.out);
    }

    /**
     * Messages from a file laid out as the SMS Spam Collection: a line each, {@code label<TAB>text} in UTF-8, where a
     * quotation mark is a character like any other.
     *
     * @throws BadFileException if it cannot be read so
     */
    public static Table smsSpam(Path file) {
        Table table;
        try {
            table = parse(Files.readAllBytes(file), file).setName(String.valueOf(file.getFileName()));
        } catch (NoSuchFileException e) {
            throw new BadFileException(file, "there is no such file", e);
        } catch (IOException e) {
            throw new BadFileException(file, "could not be read: " + e.getMessage(), e);
        }
        System.out.println(table.name() + ": " + count(table) + ".");
        return table;
    }

    static Table smsSpam(PublicSet set, PrintStream out) {
        PublicSet.Found found = set.find();
        String notes = String.join("; ", found.notes());
        if (found.content().isPresent()) {
            Table table =
                    parse(found.content().get(), Path.of(set.entry().file())).setName(SMS + ", " + found.origin());
            out.println(SMS + ": " + count(table) + " " + found.origin() + (notes.isEmpty() ? "" : " (" + notes + ")")
                    + ".");
            return table;
        }
        Table table = parse(Catalogue.resource(SMALL), Path.of(SMALL))
                .setName("Messages written for Lorikeet, not the " + SMS);
        out.println("Not the " + SMS + " but " + count(table)
                + " written for Lorikeet, because the real ones could not be had (" + notes + ").");
        return table;
    }

    private static String count(Table table) {
        return String.format(Locale.ROOT, "%,d messages", table.rowCount());
    }

    private static Table parse(byte[] content, Path forErrors) {
        StringColumn labels = StringColumn.create(Columns.LABEL);
        StringColumn texts = StringColumn.create(Columns.TEXT);
        int number = 0;
        for (String line : lines(content, forErrors)) {
            number++;
            int tab = line.indexOf('\t');
            if (tab < 1) {
                throw new BadFileException(
                        forErrors, "line " + number + " is \"" + line + "\"; expected a label, a tab and a text");
            }
            labels.append(line.substring(0, tab));
            texts.append(line.substring(tab + 1));
        }
        if (number == 0) {
            throw new BadFileException(forErrors, "is empty; expected lines of a label, a tab and a text");
        }
        return Table.create("", labels, texts);
    }

    private static List<String> lines(byte[] content, Path forErrors) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
            return plain.isBlank()
                    ? List.of()
                    : List.of(plain.replace("\r\n", "\n").split("\n"));
        } catch (CharacterCodingException e) {
            throw new BadFileException(forErrors, "is not UTF-8", e);
        }
    }
}
