package dev.lorikeet.data.span;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.span.Tagged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file with a word and its tag in each line and an empty line after each sentence, as CoNLL-2003 has it. The word is the first
 * column, the tag the last one; columns are divided by tabs, or else by spaces.
 */
record ConllFile(Path file) {

    private static final String DOCUMENT = "-DOCSTART-";

    List<Tagged> read() {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new BadFileException(
                    file, Files.exists(file) ? "cannot be read as UTF-8: " + e.getMessage() : "does not exist", e);
        }
        List<Tagged> sentences = new ArrayList<>();
        List<String> words = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        for (int number = 0; number <= lines.size(); number++) {
            String line = number == lines.size() ? "" : lines.get(number).strip();
            if (line.isEmpty()) {
                if (!words.isEmpty()) {
                    sentences.add(new TaggedWords(List.copyOf(words), List.copyOf(tags)).tagged());
                }
                words.clear();
                tags.clear();
            } else if (!line.startsWith(DOCUMENT) && !isComment(line)) {
                String[] columns = line.split(line.contains("\t") ? "\t+" : " +");
                if (columns.length < 2) {
                    throw new BadFileException(
                            file,
                            "line %d is \"%s\"; expected a word and its tag, with a space or a tab between them"
                                    .formatted(number + 1, line));
                }
                words.add(columns[0]);
                tags.add(columns[columns.length - 1]);
            }
        }
        if (sentences.isEmpty()) {
            throw new BadFileException(file, "has no sentences");
        }
        return sentences;
    }

    private static boolean isComment(String line) {
        return line.startsWith("# ") && (line.contains(" = ") || line.startsWith("# id"));
    }
}
