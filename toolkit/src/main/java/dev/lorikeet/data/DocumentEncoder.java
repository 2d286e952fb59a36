package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.chat.Conversation;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.data.token.EncodedText;
import dev.lorikeet.data.token.TokenRow;
import dev.lorikeet.data.token.TokenTotals;
import dev.lorikeet.data.token.TokenizedRows;
import dev.lorikeet.text.ChatTemplate;
import dev.lorikeet.text.ChatTemplateException;
import dev.lorikeet.text.Encoding;
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
 * @param texts column of the texts, completions or ids; null for chats
 * @param chats conversations for the tokenizer's chat template; null for none
 * @param tokenized rows that are tokenised already; null for none
 * @param separator text between prompt and completion
 * @param completionOnly whether the loss is only on completions, or only on the answers of the assistant
 * @param length maximum tokens of a row
 */
record DocumentEncoder(
        String prompts,
        String texts,
        Conversations chats,
        TokenizedRows tokenized,
        String separator,
        boolean completionOnly,
        int length) {

    private static final int LENGTH = 128;

    /** Fewer rows are tokenised too fast to need a progress bar. */
    private static final int ROWS_WITH_PROGRESS = 500;

    /**
     * The tokenised rows.
     *
     * @param totals counts over all texts, those too that are left out
     */
    record Encoded(List<TokenRow> rows, TokenTotals totals) {}

    static DocumentEncoder ofTexts(String column) {
        return new DocumentEncoder(null, column, null, null, "\n", false, LENGTH);
    }

    static DocumentEncoder ofPairs(String prompts, String completions) {
        return new DocumentEncoder(prompts, completions, null, null, "\n", false, LENGTH);
    }

    static DocumentEncoder ofChats(Conversations chats) {
        return new DocumentEncoder(null, null, chats, null, "\n", false, LENGTH);
    }

    /** Rows of tokens stay as long as they are, unless a length is set. */
    static DocumentEncoder ofTokens(TokenizedRows rows) {
        int length = Math.max(2, rows.longest());
        return new DocumentEncoder(null, TokenizedRows.INPUT_IDS, null, rows, "\n", false, length);
    }

    DocumentEncoder separator(String value) {
        BadArgumentException.unless(
                tokenized == null, "separator", value, "none, since these rows are tokenised already");
        return new DocumentEncoder(prompts, texts, chats, tokenized, value, completionOnly, length);
    }

    /** @throws BadArgumentException if nothing tells prompts and completions apart */
    DocumentEncoder ofCompletions() {
        BadArgumentException.unless(
                tokenized == null || tokenized.sayWhatIsLearned(),
                "input_ids",
                "without labels",
                "a column " + TokenizedRows.TARGETS + " beside it, which says what is learned");
        BadArgumentException.unless(
                tokenized != null || prompts != null || chats != null,
                "documents",
                "without prompts",
                "Documents.of(table, prompt, completion) or Documents.of(conversations)");
        return new DocumentEncoder(prompts, texts, chats, tokenized, separator, true, length);
    }

    DocumentEncoder length(int value) {
        return new DocumentEncoder(prompts, texts, chats, tokenized, separator, completionOnly, value);
    }

    /** Names the columns. */
    String source() {
        return chats != null ? "chats" : prompts != null ? prompts + " and " + texts : texts;
    }

    /** Describes the tokens that are learned. */
    String learned() {
        if (tokenized != null) {
            return tokenized.sayWhatIsLearned() ? "what the labels say" : "all tokens";
        }
        return !completionOnly ? "all tokens" : chats != null ? "the assistant's answers" : "completions";
    }

    /** Follows the table to these of its rows. */
    DocumentEncoder rows(int... rows) {
        return new DocumentEncoder(
                prompts,
                texts,
                chats == null ? null : chats.rows(rows),
                tokenized == null ? null : tokenized.rows(rows),
                separator,
                completionOnly,
                length);
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

    /**
     * Tokenises the table from its first row until it has {@code maxRows} rows or {@code maxTokens} tokens.
     *
     * @param quiet whether no progress is shown
     */
    Encoded encode(Table table, Tokenizer tokenizer, long maxRows, long maxTokens, boolean quiet) {
        IntFunction<EncodedText> reader = reader(table, tokenizer);
        int count = table.rowCount();
        long expected = Math.min(maxRows, count);
        BiFunction<String, Long, Progress> display =
                quiet || expected < ROWS_WITH_PROGRESS ? Progress::silent : Progress::start;
        List<TokenRow> rows = new ArrayList<>();
        TokenTotals totals = new TokenTotals(count, length);
        long tokens = 0;
        try (Progress progress = display.apply("Tokenising", expected).in("rows")) {
            for (int i = 0; i < count && rows.size() < maxRows && tokens < maxTokens; i++) {
                StoppedException.check("Tokenising was interrupted");
                EncodedText text = reader.apply(i);
                TokenRow row = text.row();
                totals.add(text, row);
                if (row.hasTarget()) {
                    rows.add(row);
                    tokens += row.length();
                }
                progress.at(rows.size(), String.format(Locale.ROOT, "%,d tokens", tokens));
            }
            progress.complete(String.format(Locale.ROOT, "%,d tokens", tokens));
        }
        return new Encoded(rows, totals);
    }

    /** Returns a function that tokenises the text of a row. */
    IntFunction<EncodedText> reader(Table table, Tokenizer tokenizer) {
        if (chats != null) {
            ChatTemplate template = tokenizer.chat();
            return i -> chat(i, template, tokenizer);
        }
        if (tokenized != null) {
            return i -> tokenized.text(i, tokenizer, length);
        }
        Column<?> completions = Columns.of(table, texts);
        if (prompts == null) {
            return i -> text(completions.getString(i), tokenizer);
        }
        Column<?> promptColumn = Columns.of(table, prompts);
        return i -> pair(promptColumn.getString(i), completions.getString(i), tokenizer);
    }

    private EncodedText text(String text, Tokenizer tokenizer) {
        int[] ids = withEndToken(tokenizer.encode(text, true), tokenizer);
        boolean[] targets = new boolean[ids.length];
        Arrays.fill(targets, true);
        return new EncodedText(ids, targets, 0, 0, length);
    }

    /**
     * Joins a prompt and a completion and tokenises them as one text, since a tokenizer may begin each text with a space. As in
     * TRL, the completion begins after as many tokens as the prompt alone has. A prompt that is too long loses its end.
     */
    private EncodedText pair(String prompt, String completion, Tokenizer tokenizer) {
        String before = prompt + separator;
        int[] ids = withEndToken(tokenizer.encode(before + completion, true), tokenizer);
        int start = Math.min(ids.length, promptIds(before, tokenizer).length);
        boolean[] targets = new boolean[ids.length];
        Arrays.fill(targets, completionOnly ? start : 0, ids.length, true);
        if (ids.length <= length) {
            return new EncodedText(ids, targets, start, start, length);
        }
        int[] promptAlone = promptIds(prompt, tokenizer);
        boolean separate = Arrays.mismatch(promptAlone, ids) == promptAlone.length && promptAlone.length <= start;
        int promptEnd = separate ? promptAlone.length : start;
        int kept = Math.max(0, Math.min(promptEnd, length - (ids.length - promptEnd)));
        return new EncodedText(ids, targets, kept, promptEnd, length);
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

    /** Tokenises a conversation; the template writes the end token. */
    private EncodedText chat(int row, ChatTemplate template, Tokenizer tokenizer) {
        RenderedChat chat;
        try {
            chat = rendered(chats.chat(row), template);
        } catch (ChatTemplateException e) {
            throw e.inRow(row);
        }
        Encoding encoding = tokenizer.encodeWithOffsets(chat.text(), true);
        int[] ids = encoding.ids();
        return new EncodedText(ids, chat.inAnswers(encoding), ids.length, ids.length, length);
    }

    private RenderedChat rendered(Conversation chat, ChatTemplate modelTemplate) {
        ChatTemplate template = chat.in(modelTemplate);
        if (completionOnly) {
            return template.renderWithAnswers(chat.messages(), chat.learnedAnswers());
        }
        BadArgumentException.unless(
                !chat.hasWeights(),
                "weight of a message",
                "given, to say which answers are learned",
                "completionOnly(), which learns answers alone; or conversations.without(\"weight\")");
        return RenderedChat.whole(template.render(chat.messages(), false));
    }
}
