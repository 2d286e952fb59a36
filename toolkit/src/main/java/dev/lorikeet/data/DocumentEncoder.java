package dev.lorikeet.data;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.text.ChatTemplate;
import dev.lorikeet.text.Encoding;
import dev.lorikeet.text.Message;
import dev.lorikeet.text.RenderedChat;
import dev.lorikeet.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Tokenises the texts of a table into rows.
 *
 * @param prompts column of the prompts; null for none
 * @param texts column of the texts or completions; null for chats
 * @param chats conversations for the tokenizer's chat template; null for none
 * @param separator text between prompt and completion
 * @param completionOnly whether the loss is only on completions, or only on the answers of the assistant
 * @param length maximum tokens of a row
 */
record DocumentEncoder(
        String prompts, String texts, Conversations chats, String separator, boolean completionOnly, int length) {

    /** Fewer rows are tokenised too fast to need a progress bar. */
    private static final int ROWS_WITH_PROGRESS = 500;

    /**
     * The tokenised rows.
     *
     * @param truncated number of truncated texts
     * @param leftOut number of texts that were left out because they have no token to predict
     */
    record Encoded(List<TokenRow> rows, int truncated, int leftOut) {}

    static DocumentEncoder ofTexts(String column) {
        return new DocumentEncoder(null, column, null, "\n", false, 128);
    }

    static DocumentEncoder ofPairs(String prompts, String completions) {
        return new DocumentEncoder(prompts, completions, null, "\n", false, 128);
    }

    static DocumentEncoder ofChats(Conversations chats) {
        return new DocumentEncoder(null, null, chats, "\n", false, 128);
    }

    DocumentEncoder separator(String value) {
        return new DocumentEncoder(prompts, texts, chats, value, completionOnly, length);
    }

    DocumentEncoder completionOnly(boolean value) {
        return new DocumentEncoder(prompts, texts, chats, separator, value, length);
    }

    DocumentEncoder length(int value) {
        return new DocumentEncoder(prompts, texts, chats, separator, completionOnly, value);
    }

    /** Whether rows have prompts, which {@link #completionOnly} leaves out of the loss. */
    boolean hasPrompts() {
        return prompts != null || chats != null;
    }

    /** Names the columns. */
    String source() {
        return chats != null ? "chats" : prompts != null ? prompts + " and " + texts : texts;
    }

    /** Describes the tokens that are learned. */
    String learned() {
        return !completionOnly ? "all tokens" : chats != null ? "the assistant's answers" : "completions";
    }

    /** Follows the table to these of its rows. */
    DocumentEncoder rows(int... rows) {
        return new DocumentEncoder(
                prompts, texts, chats == null ? null : chats.rows(rows), separator, completionOnly, length);
    }

    /** Returns the texts of the first rows with their columns or roles. */
    List<List<TextPreview.Passage>> parts(Table table, int rows) {
        if (chats != null) {
            return rows == 0 ? List.of() : chats.first(rows).parts();
        }
        List<String> columns = prompts == null ? List.of(texts) : List.of(prompts, texts);
        return IntStream.range(0, rows)
                .mapToObj(row -> columns.stream()
                        .map(column -> new TextPreview.Passage(
                                column, Columns.of(table, column).getString(row)))
                        .toList())
                .toList();
    }

    /** Tokenises the table from its first row until it has {@code maxRows} rows or {@code maxTokens} tokens. */
    Encoded encode(Table table, Tokenizer tokenizer, long maxRows, long maxTokens) {
        IntFunction<EncodedText> reader = reader(table, tokenizer);
        int count = table.rowCount();
        long expected = Math.min(maxRows, count);
        BiFunction<String, Long, Progress> display = expected < ROWS_WITH_PROGRESS ? Progress::silent : Progress::start;
        List<TokenRow> rows = new ArrayList<>();
        int truncated = 0;
        int leftOut = 0;
        long tokens = 0;
        try (Progress progress = display.apply("Tokenising", expected).in("rows")) {
            for (int i = 0; i < count && rows.size() < maxRows && tokens < maxTokens; i++) {
                StoppedException.check("Tokenising was interrupted");
                EncodedText text = reader.apply(i);
                TokenRow row = text.row();
                truncated += text.isTruncated() ? 1 : 0;
                if (row.hasTarget()) {
                    rows.add(row);
                    tokens += row.length();
                } else {
                    leftOut++;
                }
                progress.at(rows.size(), String.format(Locale.ROOT, "%,d tokens", tokens));
            }
            progress.complete(String.format(Locale.ROOT, "%,d tokens", tokens));
        }
        return new Encoded(rows, truncated, leftOut);
    }

    /** Returns a function that tokenises the text of a row. */
    IntFunction<EncodedText> reader(Table table, Tokenizer tokenizer) {
        if (chats != null) {
            ChatTemplate template = tokenizer.chat();
            return i -> chat(chats.get(i), template, tokenizer);
        }
        Column<?> completions = Columns.of(table, texts);
        if (prompts == null) {
            return i -> row(
                    new int[0], new int[0], withEndToken(tokenizer.encode(completions.getString(i), true), tokenizer));
        }
        Column<?> promptColumn = Columns.of(table, prompts);
        return i -> row(
                promptIds(promptColumn.getString(i), tokenizer),
                tokenizer.encode(separator),
                withEndToken(tokenizer.encode(completions.getString(i)), tokenizer));
    }

    /** Tokenises a prompt and drops the end token that some tokenizers append. */
    private static int[] promptIds(String prompt, Tokenizer tokenizer) {
        int[] ids = tokenizer.encode(prompt, true);
        boolean added = ids.length > 0
                && OptionalInt.of(ids[ids.length - 1]).equals(tokenizer.eos())
                && !prompt.endsWith(tokenizer.token(ids[ids.length - 1]));
        return added && ids.length > 1 ? Arrays.copyOf(ids, ids.length - 1) : ids;
    }

    private static int[] withEndToken(int[] ids, Tokenizer tokenizer) {
        OptionalInt end = tokenizer.eos();
        boolean present = ids.length > 0 && end.equals(OptionalInt.of(ids[ids.length - 1]));
        return end.isEmpty() || present
                ? ids
                : IntStream.concat(Arrays.stream(ids), IntStream.of(end.getAsInt()))
                        .toArray();
    }

    /** Joins a prompt and a completion; a prompt that is too long loses its end. */
    private EncodedText row(int[] prompt, int[] separatorIds, int[] text) {
        int kept = Math.max(0, Math.min(prompt.length, length - separatorIds.length - text.length));
        int start = prompt.length + separatorIds.length;
        int[] ids = Arrays.copyOf(prompt, start + text.length);
        System.arraycopy(separatorIds, 0, ids, prompt.length, separatorIds.length);
        System.arraycopy(text, 0, ids, start, text.length);
        boolean[] targets = new boolean[ids.length];
        Arrays.fill(targets, completionOnly ? start : 0, ids.length, true);
        return new EncodedText(ids, targets, kept, prompt.length, length);
    }

    /** Tokenises a conversation; the template writes the end token. */
    private EncodedText chat(List<Message> messages, ChatTemplate template, Tokenizer tokenizer) {
        RenderedChat chat = completionOnly
                ? template.renderWithAnswers(messages)
                : RenderedChat.whole(template.render(messages, false));
        Encoding encoding = tokenizer.encodeWithOffsets(chat.text(), true);
        int[] ids = encoding.ids();
        return new EncodedText(ids, chat.inAnswers(encoding), ids.length, ids.length, length);
    }
}
