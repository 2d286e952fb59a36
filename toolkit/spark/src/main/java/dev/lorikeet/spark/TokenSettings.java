package dev.lorikeet.spark;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.Documents;
import java.io.Serializable;
import java.util.List;
import tech.tablesaw.api.Table;

/**
 * What {@link SparkCluster#tokenize} makes of rows, in the words of {@link Documents}. Immutable: each setter returns a changed copy. By
 * default rows of at most 128 tokens.
 *
 * @param columns of the text, or of the prompt and the completion; empty: the form is recognised by the names of the columns
 * @param separator text between prompt and completion; null: that of {@link Documents}
 * @param length maximum tokens of a row
 * @param isCompletionOnly whether completions and answers alone are learned
 * @param isPacked whether a row holds several texts
 */
public record TokenSettings(
        List<String> columns, String separator, int length, boolean isCompletionOnly, boolean isPacked)
        implements Serializable {

    public TokenSettings {
        columns = List.copyOf(columns);
        BadArgumentException.unless(
                columns.size() <= 2,
                "columns",
                columns,
                "a text, or a prompt and a completion; none: recognised by name");
        BadArgumentException.unless(length > 1, "length", length, "at least 2 tokens");
    }

    private static TokenSettings of(String... columns) {
        return new TokenSettings(List.of(columns), null, 128, false, false);
    }

    /** Recognises texts by the names of their columns, as {@link Documents#of(Table)} does. */
    public static TokenSettings of() {
        return of(new String[0]);
    }

    /** Takes the texts of a column, as {@link Documents#of(Table, String)} does. */
    public static TokenSettings ofText(String column) {
        return of(BadArgumentException.required(column, "column"));
    }

    /** Takes prompts and completions, as {@link Documents#of(Table, String, String)} does. */
    public static TokenSettings ofPairs(String prompt, String completion) {
        return of(
                BadArgumentException.required(prompt, "prompt"),
                BadArgumentException.required(completion, "completion"));
    }

    /** Sets the maximum tokens of a row; longer texts are truncated. */
    public TokenSettings length(int tokens) {
        return new TokenSettings(columns, separator, tokens, isCompletionOnly, isPacked);
    }

    /** Learns the completions alone, or of conversations the assistant's answers. */
    public TokenSettings completionOnly() {
        return new TokenSettings(columns, separator, length, true, isPacked);
    }

    /** Packs several whole texts into a row. */
    public TokenSettings packed() {
        return new TokenSettings(columns, separator, length, isCompletionOnly, true);
    }

    /** Sets the text between prompt and completion. */
    public TokenSettings separator(String text) {
        return new TokenSettings(
                columns, BadArgumentException.required(text, "separator"), length, isCompletionOnly, isPacked);
    }

    /** The texts of a table with these settings. */
    Documents documents(Table table) {
        Documents documents =
                switch (columns.size()) {
                    case 0 -> Documents.of(table);
                    case 1 -> Documents.of(table, columns.get(0));
                    default -> Documents.of(table, columns.get(0), columns.get(1));
                };
        documents = separator == null ? documents : documents.separator(separator);
        documents = isCompletionOnly ? documents.completionOnly() : documents;
        return (isPacked ? documents.packed() : documents).length(length);
    }
}
