package dev.lorikeet.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.JsonValues;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.Tables;
import dev.lorikeet.data.chat.AlpacaForm;
import dev.lorikeet.data.chat.ChatExtras;
import dev.lorikeet.data.chat.Conversation;
import dev.lorikeet.data.chat.Llama2Form;
import dev.lorikeet.data.chat.MessagesForm;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.text.ChatTemplate;
import dev.lorikeet.text.Message;
import dev.lorikeet.text.Role;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The conversations of a table, in row order; an immutable list. {@link Documents#of(Conversations)} trains on them in the chat
 * format of the model.
 */
public final class Conversations extends AbstractList<List<Message>> implements RandomAccess, Renderable {

    private static final int SHOWN = 80;

    private final String name;
    private final List<Conversation> chats;

    private Conversations(String name, List<Conversation> chats) {
        this.name = name;
        this.chats = chats;
    }

    /**
     * Parses a column and detects the format from its first row. Of messages in JSON the columns {@code tools}, {@code system}
     * and {@code chat_template_kwargs} of the table are read too, if they are there.
     *
     * @throws BadArgumentException if a row has another format; it names the row, from 0
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column
     */
    public static Conversations of(Table table, String column) {
        List<String> texts = Columns.strings(table, column);
        BadArgumentException.unless(!texts.isEmpty(), "table", table.name(), "a table with rows");
        ChatForm form = ChatForm.of(texts.get(0))
                .orElseThrow(
                        () -> bad(
                                column,
                                0,
                                texts.get(0),
                                Stream.of(ChatForm.values())
                                                .map(ChatForm::expected)
                                                .toList()
                                        + "; questions and answers in two columns are Conversations.of(table, question, answer)"));
        return of(table, column, form);
    }

    /** Parses a column of a given format. */
    public static Conversations of(Table table, String column, ChatForm form) {
        List<String> texts = Columns.strings(table, column);
        Function<Integer, Map<String, JsonElement>> extras =
                form == ChatForm.MESSAGES ? extras(table) : row -> Map.of();
        return parsed(
                table, column, form.expected(), row -> ChatExtras.add(form.parse(texts.get(row)), extras.apply(row)));
    }

    /** Returns what the columns of a row say beside the messages. */
    private static Function<Integer, Map<String, JsonElement>> extras(Table table) {
        List<String> names =
                ChatExtras.NAMES.stream().filter(table::containsColumn).toList();
        return row -> names.stream()
                .collect(Collectors.toMap(
                        column -> column,
                        column -> new JsonPrimitive(table.column(column).getString(row))));
    }

    /**
     * Reads questions and answers from two columns. A row without an answer is a question alone. Two columns of messages in
     * JSON, as TRL has them, are a prompt and its completion.
     *
     * @throws BadArgumentException if a question is empty; it names the row, from 0
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column; it names the columns and the nearest one
     */
    public static Conversations of(Table table, String question, String answer) {
        List<String> questions = Columns.strings(table, question);
        List<String> answers = Columns.strings(table, answer);
        if (questions.isEmpty() || !MessagesForm.fits(questions.get(0))) {
            return ofColumns(table, question, Collections.nCopies(table.rowCount(), ""), answer);
        }
        Function<Integer, Map<String, JsonElement>> extras = extras(table);
        return parsed(
                table,
                question,
                "messages in the columns " + question + " and " + answer,
                row -> ChatExtras.add(
                        Conversation.of(MessagesForm.parse(questions.get(row)), MessagesForm.parse(answers.get(row))),
                        extras.apply(row)));
    }

    /**
     * Reads instructions, their inputs and the answers from three columns. An input may be empty; it becomes part of the
     * question, after an empty line.
     *
     * @throws BadArgumentException if an instruction is empty; it names the row, from 0
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column; it names the columns and the nearest one
     */
    public static Conversations of(Table table, String instruction, String input, String answer) {
        Columns.of(table, instruction);
        return ofColumns(table, instruction, Columns.strings(table, input), answer);
    }

    /**
     * Reads Alpaca's three columns: {@code instruction}, {@code input}, which may be empty and becomes part of the question,
     * and {@code output}. The columns {@code system} and {@code history} (earlier questions and answers, in JSON) are read
     * too, if they are there.
     *
     * @throws dev.lorikeet.base.UnknownNameException if a column is missing
     */
    public static Conversations ofInstructions(Table table) {
        Conversations all = of(table, "instruction", "input", "output");
        if (Stream.of(AlpacaForm.SYSTEM, AlpacaForm.HISTORY).noneMatch(table::containsColumn)) {
            return all;
        }
        return parsed(
                table,
                AlpacaForm.HISTORY,
                "earlier questions and answers, such as [[\"Who?\", \"A kea.\"]]",
                row -> AlpacaForm.complete(
                        all.chats.get(row), cell(table, AlpacaForm.SYSTEM, row), cell(table, AlpacaForm.HISTORY, row)));
    }

    private static String cell(Table table, String column, int row) {
        return table.containsColumn(column) ? table.column(column).getString(row) : "";
    }

    private static Conversations ofColumns(Table table, String question, List<String> inputs, String answer) {
        List<String> questions = Columns.strings(table, question);
        List<String> answers = Columns.strings(table, answer);
        BadArgumentException.unless(!questions.isEmpty(), "table", table.name(), "a table with rows");
        return parsed(
                table,
                question,
                "an instruction",
                row -> Conversation.of(AlpacaForm.messages(questions.get(row), inputs.get(row), answers.get(row))));
    }

    /** Parses all rows of a table. */
    private static Conversations parsed(Table table, String column, String expected, IntFunction<Conversation> parse) {
        List<Conversation> chats = new ArrayList<>();
        for (int row = 0; row < table.rowCount(); row++) {
            chats.add(parsed(table, column, row, expected, parse));
        }
        return new Conversations(table.name(), List.copyOf(chats));
    }

    private static Conversation parsed(
            Table table, String column, int row, String expected, IntFunction<Conversation> parse) {
        Conversation chat;
        try {
            chat = parse.apply(row);
        } catch (IllegalArgumentException e) {
            throw bad(column, row, cell(table, column, row), expected + " (" + e.getMessage() + ")");
        }
        if (chat.messages().stream().noneMatch(message -> message.role() == Role.USER)) {
            throw bad(column, row, cell(table, column, row), expected + " (there is no message of the user)");
        }
        return chat;
    }

    private static BadArgumentException bad(String column, int row, String text, String expected) {
        String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
        return new BadArgumentException("row " + row + " of " + column, shown, expected);
    }

    /** Takes the first conversations; all of them if there are fewer. */
    public Conversations first(int count) {
        BadArgumentException.unless(count > 0, "count", count, "at least 1 conversation");
        return new Conversations(name, chats.subList(0, Math.min(count, chats.size())));
    }

    /** Splits the conversations into training and test; see {@link #split(double, double)}. */
    public DataSplits<Conversations> split(double train) {
        return split(train, 0);
    }

    /**
     * Shuffles the conversations and splits them into training, validation and test, which gets the rest. Always the same split;
     * {@link #split(double, double, long)} takes another seed than 123.
     *
     * @param train share of the conversations, above 0
     * @param validation share of the conversations; with {@code train} at most 1
     * @throws BadArgumentException if a share is out of range, or so small that it holds no conversation
     */
    public DataSplits<Conversations> split(double train, double validation) {
        return split(train, validation, Shares.SEED);
    }

    /** Splits with a seed of one's own; see {@link #split(double, double)}. */
    public DataSplits<Conversations> split(double train, double validation, long seed) {
        return new Shares(train, validation).shuffled(size(), seed).map(this::rows);
    }

    /** Takes these conversations, in this order. */
    Conversations rows(int... rows) {
        return new Conversations(name, Arrays.stream(rows).mapToObj(chats::get).toList());
    }

    /** Shows the first conversations: who says what. */
    public TextPreview preview() {
        return preview(TextPreview.ROWS);
    }

    /** Shows that many conversations. */
    public TextPreview preview(int count) {
        return new TextPreview(toString(), first(count).parts(), size());
    }

    List<List<TextPreview.Passage>> parts() {
        return stream()
                .map(chat -> chat.stream()
                        .map(message -> new TextPreview.Passage(message.role().word(), shown(message)))
                        .toList())
                .toList();
    }

    private static String shown(Message message) {
        return message.content() + (message.fields().isEmpty() ? "" : " " + JsonValues.write(message.fields()));
    }

    /** Puts a system message before each conversation that has none. */
    public Conversations system(String content) {
        return new Conversations(
                name, chats.stream().map(chat -> chat.system(content)).toList());
    }

    /** Removes fields from all messages, such as {@code name}, and {@code tools} from the rows. */
    public Conversations without(String... fields) {
        return new Conversations(
                name, chats.stream().map(chat -> chat.without(fields)).toList());
    }

    /**
     * Renders each conversation with a chat template into a table with the column {@code text}.
     *
     * @throws dev.lorikeet.text.ChatTemplateException if the template rejects a conversation
     */
    public Table render(ChatTemplate template) {
        return table(
                Columns.TEXT,
                chats.stream()
                        .map(chat -> chat.in(template).render(chat.messages(), false))
                        .toList());
    }

    /** Writes a table with the column {@code text} in the Llama-2 format. */
    Table llama2() {
        return table(Columns.TEXT, stream().map(Llama2Form::write).toList());
    }

    /** Writes a table with the column {@code messages} as JSON. */
    public Table messages() {
        return table("messages", chats.stream().map(MessagesForm::write).toList());
    }

    private Table table(String column, List<String> texts) {
        return Tables.create(name, StringColumn.create(column, texts));
    }

    @Override
    public List<Message> get(int index) {
        return chats.get(index).messages();
    }

    Conversation chat(int index) {
        return chats.get(index);
    }

    @Override
    public int size() {
        return chats.size();
    }

    private long count(Role role) {
        return stream()
                .flatMap(List::stream)
                .filter(message -> message.role() == role)
                .count();
    }

    @Override
    public String html() {
        HtmlTable html = HtmlTable.of()
                .row("conversations", size())
                .row("questions", count(Role.USER))
                .row("answers", count(Role.ASSISTANT));
        if (count(Role.SYSTEM) > 0) {
            html.row("system messages", count(Role.SYSTEM));
        }
        return html.title(name == null ? "" : name).html();
    }

    @Override
    public String toString() {
        String counts = String.join(
                ", ",
                Quantities.counted(size(), "conversation"),
                Quantities.counted(count(Role.USER), "question"),
                Quantities.counted(count(Role.ASSISTANT), "answer"));
        return (name == null ? "" : name + ": ")
                + counts
                + (count(Role.SYSTEM) == 0 ? "" : ", " + Quantities.counted(count(Role.SYSTEM), "system message"));
    }
}
