package dev.lorikeet.data;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * How the texts of a table become rows of tokens.
 *
 * @param prompts column of what is read before; null without
 * @param texts column of what is to be learned
 * @param separator between the two
 * @param completionOnly whether a prompt is not learned itself
 * @param length most tokens of a row
 */
record DocumentEncoder(String prompts, String texts, String separator, boolean completionOnly, int length) {

    /** Fewer rows are done before a bar could be read. */
    private static final int ROWS_WITH_PROGRESS = 5000;

    /**
     * @param cut texts that lost a part
     * @param leftOut texts without a token to predict
     */
    record Encoded(List<TokenRow> rows, int cut, int leftOut) {}

    static DocumentEncoder ofTexts(String column) {
        return new DocumentEncoder(null, column, "\n", false, 128);
    }

    static DocumentEncoder ofPairs(String prompts, String completions) {
        return new DocumentEncoder(prompts, completions, "\n", false, 128);
    }

    DocumentEncoder separator(String value) {
        return new DocumentEncoder(prompts, texts, value, completionOnly, length);
    }

    DocumentEncoder completionOnly(boolean value) {
        return new DocumentEncoder(prompts, texts, separator, value, length);
    }

    DocumentEncoder length(int value) {
        return new DocumentEncoder(prompts, texts, separator, completionOnly, value);
    }

    boolean hasPrompts() {
        return prompts != null;
    }

    /** The columns in words. */
    String source() {
        return hasPrompts() ? prompts + " and " + texts : texts;
    }

    /** Reads the table from its beginning until there are so many rows, or so many tokens. */
    Encoded encode(Table table, Tokenizer tokenizer, long mostRows, long mostTokens) {
        Column<?> before = hasPrompts() ? Columns.of(table, prompts) : null;
        Column<?> after = Columns.of(table, texts);
        long expected = Math.min(mostRows, after.size());
        BiFunction<String, Long, Progress> display = expected < ROWS_WITH_PROGRESS ? Progress::silent : Progress::start;
        List<TokenRow> rows = new ArrayList<>();
        int cut = 0;
        int leftOut = 0;
        long tokens = 0;
        try (Progress progress = display.apply("Tokenising", expected)) {
            for (int i = 0; i < after.size() && rows.size() < mostRows && tokens < mostTokens; i++) {
                StoppedException.check("Tokenising was stopped; nothing was changed.");
                int[] prompt = before == null ? new int[0] : tokenizer.encode(before.getString(i));
                int[] text = ended(tokenizer.encode(after.getString(i)), tokenizer);
                int[] between = before == null ? new int[0] : tokenizer.encode(separator);
                cut += prompt.length + between.length + text.length > length ? 1 : 0;
                TokenRow row = row(prompt, between, text);
                if (row.hasTarget()) {
                    rows.add(row);
                    tokens += row.length();
                } else {
                    leftOut++;
                }
                progress.at(rows.size(), "");
            }
        }
        return new Encoded(rows, cut, leftOut);
    }

    private static int[] ended(int[] ids, Tokenizer tokenizer) {
        OptionalInt end = tokenizer.eos();
        return end.isEmpty()
                ? ids
                : IntStream.concat(Arrays.stream(ids), IntStream.of(end.getAsInt()))
                        .toArray();
    }

    private TokenRow row(int[] prompt, int[] between, int[] text) {
        int kept = Math.max(0, Math.min(prompt.length, length - between.length - text.length));
        IntStream start = IntStream.concat(Arrays.stream(prompt, 0, kept), Arrays.stream(between));
        int[] ids = IntStream.concat(start, Arrays.stream(text)).limit(length).toArray();
        return TokenRow.of(ids, completionOnly ? kept + between.length : 0);
    }
}
