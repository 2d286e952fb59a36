package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.chat.MessagesForm;
import dev.lorikeet.data.table.Columns;
import java.util.List;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Recognises how a table holds training texts, by the names that TRL's and Alpaca's data sets give their columns. */
final class TrainingForm {

    private static final String PROMPT = "prompt";
    private static final String COMPLETION = "completion";
    private static final String INPUT = "input";

    private TrainingForm() {}

    static Documents documents(Table table) {
        List<String> names = table.columnNames();
        refuse(
                table,
                "preferences",
                "Documents.of(table, \"prompt\", \"chosen\") learns the chosen answers",
                "chosen",
                "rejected");
        if (names.contains(Columns.LABEL) && areTruths(Columns.strings(table, Columns.LABEL))) {
            refuse(
                    table,
                    "answers that are judged",
                    "Documents.of(table, \"prompt\", \"completion\") learns them all; choose the good rows first",
                    PROMPT,
                    COMPLETION);
        }
        refuse(
                table,
                "steps that are judged",
                "Documents.of(table, prompt, completion)",
                PROMPT,
                "completions",
                "labels");
        for (String chats : List.of("messages", "conversations")) {
            if (names.contains(chats)) {
                return Documents.of(Conversations.of(table, chats));
            }
        }
        if (names.containsAll(List.of("instruction", "output"))) {
            return Documents.of(Conversations.ofInstructions(withInput(table)));
        } else if (names.containsAll(List.of(PROMPT, COMPLETION))) {
            Documents pairs = Documents.of(table, PROMPT, COMPLETION);
            return bringsItsOwnSpace(table) ? pairs.separator("") : pairs;
        } else if (names.contains(Columns.TEXT)) {
            return Documents.of(table, Columns.TEXT);
        }
        throw new BadArgumentException(
                "columns",
                names,
                "messages, conversations, instruction and output, prompt and completion, or text"
                        + "; Documents.of(table, column) and Documents.of(table, prompt, completion) take columns of other"
                        + " names");
    }

    /** Refuses a form from which a model would learn what it must not say. */
    private static void refuse(Table table, String what, String instead, String... columns) {
        BadArgumentException.unless(
                !table.columnNames().containsAll(List.of(columns)),
                "columns",
                table.columnNames(),
                "texts to learn, not " + what + " (" + String.join(", ", columns) + "); " + instead);
    }

    /** Whether prompts and completions are pieces of one text, "The sky is" and " blue.", as in TRL's documentation. */
    private static boolean bringsItsOwnSpace(Table table) {
        return Columns.strings(table, PROMPT).stream().anyMatch(prompt -> !prompt.equals(prompt.stripTrailing()))
                || Columns.strings(table, COMPLETION).stream()
                        .anyMatch(completion -> !completion.equals(completion.stripLeading()));
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
