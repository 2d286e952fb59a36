package dev.lorikeet.data;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Tables;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Reads the format of the SMS Spam Collection: lines of a label, a tab and a text, without quoting. */
final class SmsFile {

    private SmsFile() {}

    static Table parse(byte[] content, Path forErrors) {
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
        return Tables.create("", labels, texts);
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
