package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.chat.MessagesForm;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.data.token.TokenizedRows;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** How a table holds training texts, by the names that TRL's and Alpaca's data sets give their columns. */
public enum TrainingForm {
    TOKENS(Documents::ofTokens, TokenizedRows.INPUT_IDS),
    MESSAGES(table -> Documents.of(Conversations.of(table, "messages")), "messages"),
    CONVERSATIONS(table -> Documents.of(Conversations.of(table, "conversations")), "conversations"),
    INSTRUCTIONS(table -> Documents.of(Conversations.ofInstructions(withInput(table))), "instruction", "output"),
    PAIRS(TrainingForm::pairs, "prompt", "completion"),
    TEXTS(table -> Documents.of(table, Columns.TEXT), Columns.TEXT);

    private static final String PROMPT = "prompt";
    private static final String COMPLETION = "completion";
    private static final String INPUT = "input";

    private final Function<Table, Documents> reader;
    private final List<String> columns;

    TrainingForm(Function<Table, Documents> reader, String... columns) {
        this.reader = reader;
        this.columns = List.of(columns);
    }

    /**
     * Recognises a form by the names of the columns.
     *
     * @throws BadArgumentException if it is none of these, or one of preferences or judgements, which are not learned
     */
    public static TrainingForm of(List<String> names) {
        if (names.containsAll(TOKENS.columns)) {
            return TOKENS;
        }
        refuse(
                names,
                "preferences",
                "Documents.of(table, \"prompt\", \"chosen\") learns the chosen answers",
                "chosen",
                "rejected");
        refuse(
                names,
                "steps that are judged",
                "Documents.of(table, prompt, completion)",
                PROMPT,
                "completions",
                "labels");
        return Stream.of(values())
                .filter(form -> names.containsAll(form.columns))
                .findFirst()
                .orElseThrow(() -> new BadArgumentException(
                        "columns",
                        names,
                        "messages, conversations, instruction and output, prompt and completion, text, or input_ids"
                                + "; Documents.of(table, column) and Documents.of(table, prompt, completion) take columns of"
                                + " other names"));
    }

    /** Whether a chat template writes these texts. */
    public boolean isChat() {
        return this == MESSAGES || this == CONVERSATIONS || this == INSTRUCTIONS;
    }

    /** The columns that it is recognised by. */
    public List<String> columns() {
        return columns;
    }

    Documents documents(Table table) {
        return reader.apply(table);
    }

    private static Documents pairs(Table table) {
        if (table.columnNames().contains(Columns.LABEL) && areTruths(Columns.strings(table, Columns.LABEL))) {
            refuse(
                    table.columnNames(),
                    "answers that are judged",
                    "Documents.of(table, \"prompt\", \"completion\") learns them all; choose the good rows first",
                    PROMPT,
                    COMPLETION);
        }
        Documents pairs = Documents.of(table, PROMPT, COMPLETION);
        return bringsItsOwnSpace(table) ? pairs.separator("") : pairs;
    }

    /** Refuses a form from which a model would learn what it must not say. */
    private static void refuse(List<String> names, String what, String instead, String... columns) {
        BadArgumentException.unless(
                !names.containsAll(List.of(columns)),
                "columns",
                names,
                "texts to learn, not " + what + " (" + String.join(", ", columns) + "); " + instead);
    }

    /** Whether prompts and completions are pieces of one text, "The sky is" and " blue.", as in TRL's documentation. */
    private static boolean bringsItsOwnSpace(Table table) {
        List<String> completions = Columns.strings(table, COMPLETION);
        List<String> prompts = Columns.strings(table, PROMPT);
        return IntStream.range(0, table.rowCount()).anyMatch(row -> areOneText(prompts.get(row), completions.get(row)));
    }

    /** Whether a prompt and its completion bring the space between them. */
    public static boolean areOneText(String prompt, String completion) {
        return !prompt.equals(prompt.stripTrailing()) || !completion.equals(completion.stripLeading());
    }

    private static boolean areTruths(List<String> cells) {
        return cells.stream().allMatch(cell -> cell.equalsIgnoreCase("true") || cell.equalsIgnoreCase("false"));
    }

    /** Adds an empty column "input" if it is missing, since an input is optional. */
    private static Table withInput(Table table) {
        return table.containsColumn(INPUT)
                ? table
                : table.copy().addColumns(StringColumn.create(INPUT, new String[table.rowCount()]));
    }

    /**
     * Whether columns hold messages in JSON, which are never learned as text. The first row decides; {@link Conversations} names
     * a later one that holds no messages.
     *
     * @throws BadArgumentException if columns differ, or there are messages among texts
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column
     */
    static boolean isChat(Table table, String... columns) {
        String text = null;
        String chat = null;
        for (String column : columns) {
            List<String> cells = Columns.strings(table, column);
            boolean isChat = false;
            for (int row = 0; row < cells.size() && !isChat; row++) {
                if (!cells.get(row).isBlank()) {
                    isChat = MessagesForm.fits(cells.get(row));
                    String place = "row " + row + " of " + column;
                    chat = chat == null && isChat ? place : chat;
                    text = text == null && !isChat ? place : text;
                    BadArgumentException.unless(
                            chat == null || text == null,
                            List.of(columns).toString(),
                            chat + " is a list of messages and " + text + " is a text",
                            "either messages in all rows, or texts in all");
                }
            }
        }
        return chat != null;
    }
}
