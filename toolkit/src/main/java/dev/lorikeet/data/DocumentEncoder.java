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
 * How the texts of a table become rows of tokens.
 *
 * @param prompts column of what is read before; null without
 * @param texts column of what is to be learned; null for chats
 * @param chats conversations, which the tokenizer's chat template writes; null without
 * @param separator between prompt and text
 * @param completionOnly whether only what follows a prompt, or what an assistant says, is learned
 * @param length most tokens of a row
 */
record DocumentEncoder(
        String prompts, String texts, Conversations chats, String separator, boolean completionOnly, int length) {

    /** Fewer rows are done before a bar could be read. */
    private static final int ROWS_WITH_PROGRESS = 500;

    /**
     * @param cut texts that lost a part
     * @param leftOut texts without a token to predict
     */
    record Encoded(List<TokenRow> rows, int cut, int leftOut) {}

    /** A row that may have been cut. */
    private record Row(TokenRow tokens, boolean cut) {}

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

    /** Whether a part of each row is only read. */
    boolean hasPrompts() {
        return prompts != null || chats != null;
    }

    /** The columns in words. */
    String source() {
        return chats != null ? "chats" : prompts != null ? prompts + " and " + texts : texts;
    }

    /** Reads the table from its beginning until there are so many rows, or so many tokens. */
    Encoded encode(Table table, Tokenizer tokenizer, long mostRows, long mostTokens) {
        IntFunction<Row> reader = reader(table, tokenizer);
        int count = chats != null ? chats.size() : table.rowCount();
        long expected = Math.min(mostRows, count);
        BiFunction<String, Long, Progress> display = expected < ROWS_WITH_PROGRESS ? Progress::silent : Progress::start;
        List<TokenRow> rows = new ArrayList<>();
        int cut = 0;
        int leftOut = 0;
        long tokens = 0;
        try (Progress progress = display.apply("Tokenising", expected)) {
            for (int i = 0; i < count && rows.size() < mostRows && tokens < mostTokens; i++) {
                StoppedException.check("Tokenising was stopped; nothing was changed.");
                Row row = reader.apply(i);
                cut += row.cut() ? 1 : 0;
                if (row.tokens().hasTarget()) {
                    rows.add(row.tokens());
                    tokens += row.tokens().length();
                } else {
                    leftOut++;
                }
                progress.at(rows.size(), String.format(Locale.ROOT, "%,d tokens", tokens));
            }
            progress.complete(String.format(Locale.ROOT, "%,d tokens", tokens));
        }
        return new Encoded(rows, cut, leftOut);
    }

    private IntFunction<Row> reader(Table table, Tokenizer tokenizer) {
        if (chats != null) {
            ChatTemplate template = tokenizer.chat();
            return i -> chat(chats.get(i), template, tokenizer);
        }
        Column<?> after = Columns.of(table, texts);
        if (prompts == null) {
            return i -> row(new int[0], new int[0], ended(tokenizer.encode(after.getString(i), true), tokenizer));
        }
        Column<?> before = Columns.of(table, prompts);
        return i -> row(
                started(before.getString(i), tokenizer),
                tokenizer.encode(separator),
                ended(tokenizer.encode(after.getString(i)), tokenizer));
    }

    /** A prompt goes on: where the model puts an end after each text, not after this one. */
    private static int[] started(String prompt, Tokenizer tokenizer) {
        int[] ids = tokenizer.encode(prompt, true);
        boolean added = ids.length > 0
                && OptionalInt.of(ids[ids.length - 1]).equals(tokenizer.eos())
                && !prompt.endsWith(tokenizer.token(ids[ids.length - 1]));
        return added && ids.length > 1 ? Arrays.copyOf(ids, ids.length - 1) : ids;
    }

    private static int[] ended(int[] ids, Tokenizer tokenizer) {
        OptionalInt end = tokenizer.eos();
        boolean there = ids.length > 0 && end.equals(OptionalInt.of(ids[ids.length - 1]));
        return end.isEmpty() || there
                ? ids
                : IntStream.concat(Arrays.stream(ids), IntStream.of(end.getAsInt()))
                        .toArray();
    }

    private Row row(int[] prompt, int[] between, int[] text) {
        int kept = Math.max(0, Math.min(prompt.length, length - between.length - text.length));
        IntStream start = IntStream.concat(Arrays.stream(prompt, 0, kept), Arrays.stream(between));
        int[] ids = IntStream.concat(start, Arrays.stream(text)).limit(length).toArray();
        TokenRow row = TokenRow.of(ids, completionOnly ? kept + between.length : 0);
        return new Row(row, prompt.length + between.length + text.length > length);
    }

    /** What ends a chat is the template's affair. */
    private Row chat(List<Message> messages, ChatTemplate template, Tokenizer tokenizer) {
        RenderedChat chat = completionOnly
                ? template.renderWithAnswers(messages)
                : RenderedChat.whole(template.render(messages, false));
        Encoding encoding = tokenizer.encodeWithOffsets(chat.text(), true);
        int kept = Math.min(length, encoding.ids().length);
        int[] ids = Arrays.copyOf(encoding.ids(), kept);
        return new Row(TokenRow.of(ids, chat.inAnswers(encoding)), kept < encoding.ids().length);
    }
}
