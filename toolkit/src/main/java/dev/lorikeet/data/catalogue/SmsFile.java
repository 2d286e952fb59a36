package dev.lorikeet.data.catalogue;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Tables;
import dev.lorikeet.data.table.Columns;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Reads the format of the SMS Spam Collection: lines of a label, a tab and a text, without quoting. */
public final class SmsFile {

    private SmsFile() {}

    public static Table parse(byte[] content, Path forErrors) {
        return parse(new String(content, StandardCharsets.UTF_8), forErrors);
    }

    /** Reads a text; blank lines are no messages. */
    public static Table parse(String text, Path forErrors) {
        StringColumn labels = StringColumn.create(Columns.LABEL);
        StringColumn texts = StringColumn.create(Columns.TEXT);
        int number = 0;
        // A carriage return may be part of a message.
        for (String line : text.replace("\r\n", "\n").split("\n")) {
            number++;
            int tab = line.indexOf('\t');
            if (tab >= 1) {
                labels.append(line.substring(0, tab));
                texts.append(line.substring(tab + 1));
            } else if (!line.isBlank()) {
                throw new BadFileException(
                        forErrors, "line " + number + " is \"" + line + "\"; expected a label, a tab and a text");
            }
        }
        if (labels.isEmpty()) {
            throw new BadFileException(forErrors, "is empty; expected lines of a label, a tab and a text");
        }
        return Tables.create("", labels, texts);
    }
}
