package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.text.ChatTemplate;
import dev.lorikeet.text.Message;
import dev.lorikeet.text.Role;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.RandomAccess;
import java.util.stream.Stream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The conversations of a table, in row order; an immutable list. {@link Documents#of(Conversations)} trains on them in the chat
 * format of the model.
 */
public final class Conversations extends AbstractList<List<Message>> implements RandomAccess {

    private static final int SHOWN = 80;

    private final String name;
    private final List<List<Message>> chats;

    private Conversations(String name, List<List<Message>> chats) {
        this.name = name;
        this.chats = chats;
    }

    /**
     * Parses a column and detects the format from its first row.
     *
     * @throws BadArgumentException if a row has another format; it names the row, from 0
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column
     */
    public static Conversations of(Table table, String column) {
        List<String> texts = Columns.strings(table, column);
        BadArgumentException.unless(!texts.isEmpty(), "table", table.name(), "a table with rows");
        ChatForm form = ChatForm.of(texts.get(0))
                .orElseThrow(() -> bad(
                        column,
                        0,
                        texts.get(0),
                        Stream.of(ChatForm.values()).map(ChatForm::expected).toList() + ""));
        return of(table, column, form);
    }

    /** Parses a column of a given format. */
    public static Conversations of(Table table, String column, ChatForm form) {
        List<List<Message>> chats = new ArrayList<>();
        for (String text : Columns.strings(table, column)) {
            chats.add(parsed(column, chats.size(), text, form.expected(), () -> form.parse(text)));
        }
        return new Conversations(table.name(), List.copyOf(chats));
    }

    /**
     * Reads Alpaca's three columns: {@code instruction}, {@code input}, which may be empty and becomes part of the question,
     * and {@code output}.
     *
     * @throws dev.lorikeet.base.UnknownNameException if a column is missing
     */
    public static Conversations ofInstructions(Table table) {
        List<String> instructions = Columns.strings(table, "instruction");
        List<String> inputs = Columns.strings(table, "input");
        List<String> outputs = Columns.strings(table, "output");
        List<List<Message>> chats = new ArrayList<>();
        for (int i = 0; i < instructions.size(); i++) {
            int row = i;
            chats.add(parsed(
                    "instruction",
                    i,
                    instructions.get(i),
                    "an instruction",
                    () -> AlpacaForm.messages(instructions.get(row), inputs.get(row), outputs.get(row))));
        }
        return new Conversations(table.name(), List.copyOf(chats));
    }

    private interface Parsing {
        List<Message> run();
    }

    private static List<Message> parsed(String column, int row, String text, String expected, Parsing parsing) {
        List<Message> messages;
        try {
            messages = parsing.run();
        } catch (IllegalArgumentException e) {
            throw bad(column, row, text, expected + " (" + e.getMessage() + ")");
        }
        if (messages.stream().noneMatch(message -> message.role() == Role.USER)) {
            throw bad(column, row, text, expected + " (there is no message of the user)");
        }
        return List.copyOf(messages);
    }

    private static BadArgumentException bad(String column, int row, String text, String expected) {
        String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
        return new BadArgumentException("row " + row + " of " + column, shown, expected);
    }

    /** Puts a system message before each conversation that has none. */
    public Conversations system(String content) {
        return new Conversations(
                name,
                chats.stream()
                        .map(chat -> chat.get(0).role() == Role.SYSTEM
                                ? chat
                                : Stream.concat(Stream.of(Message.system(content)), chat.stream())
                                        .toList())
                        .toList());
    }

    /**
     * Renders each conversation with a chat template into a table with the column {@code text}.
     *
     * @throws dev.lorikeet.text.ChatTemplateException if the template rejects a conversation
     */
    public Table render(ChatTemplate template) {
        return table(
                Columns.TEXT,
                chats.stream().map(chat -> template.render(chat, false)).toList());
    }

    /** Writes a table with the column {@code text} in the Llama-2 format. */
    Table llama2() {
        return table(Columns.TEXT, chats.stream().map(Llama2Form::write).toList());
    }

    /** Writes a table with the column {@code messages} as JSON. */
    public Table messages() {
        return table("messages", chats.stream().map(MessagesForm::write).toList());
    }

    private Table table(String column, List<String> texts) {
        return Table.create(name, StringColumn.create(column, texts));
    }

    @Override
    public List<Message> get(int index) {
        return chats.get(index);
    }

    @Override
    public int size() {
        return chats.size();
    }

    private long count(Role role) {
        return chats.stream()
                .flatMap(List::stream)
                .filter(message -> message.role() == role)
                .count();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s%,d conversations, %,d questions, %,d answers%s",
                name == null ? "" : name + ": ",
                size(),
                count(Role.USER),
                count(Role.ASSISTANT),
                count(Role.SYSTEM) == 0 ? "" : String.format(Locale.ROOT, ", %,d system messages", count(Role.SYSTEM)));
    }
}
