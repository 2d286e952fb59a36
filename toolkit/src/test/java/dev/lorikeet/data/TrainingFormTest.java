package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.text.ChatTemplateException;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The forms of data sets that TRL, OpenAI, LLaMA-Factory and Axolotl describe: what is learned of each, or why none is. */
class TrainingFormTest {

    private static final Tokenizer SMOLLM2 = Tokenizers.fromFile(TestData.smollm2());

    private static final String ASKED = "[{'role': 'user', 'content': 'Which bird?'}]";
    private static final String SAID = "[{'role': 'assistant', 'content': 'A kea.'}]";

    @AfterAll
    static void close() {
        SMOLLM2.close();
    }

    /** A table of one row; the single quotes of JSON become double ones. */
    private static Table row(String... namesAndCells) {
        Table table = Table.create("t");
        for (int i = 0; i < namesAndCells.length; i += 2) {
            table.addColumns(StringColumn.create(namesAndCells[i], namesAndCells[i + 1].replace('\'', '"')));
        }
        return table;
    }

    private static String text(Documents documents) {
        Batch batch = batch(documents);
        return SMOLLM2.decode(batch.ids()[0]);
    }

    private static Batch batch(Documents documents) {
        return documents.length(400).batches(SMOLLM2).epoch(0).get(0);
    }

    /** Returns each run of learned tokens. */
    private static List<String> learned(Documents documents) {
        Batch batch = batch(documents.completionOnly());
        List<String> runs = new ArrayList<>();
        List<Integer> run = new ArrayList<>();
        for (int i = 0; i <= batch.width(); i++) {
            if (i < batch.width() && batch.lossMask()[0][i]) {
                run.add(batch.ids()[0][i]);
            } else if (!run.isEmpty()) {
                runs.add(SMOLLM2.decode(run.stream().mapToInt(Integer::intValue).toArray()));
                run.clear();
            }
        }
        return runs;
    }

    @Test
    void textsAndPairsOfTexts() {
        assertEquals("The sky is blue.<|im_end|>", text(Documents.of(row("text", "The sky is blue."))));
        Documents pair = Documents.of(row("prompt", "The sky is", "completion", " blue."));
        assertEquals("The sky is blue.<|im_end|>", text(pair));
        assertEquals(List.of(" blue.<|im_end|>"), learned(pair));
        assertEquals("1 + 1?\n2<|im_end|>", text(Documents.of(row("prompt", "1 + 1?", "completion", "2"))));
    }

    @Test
    void messagesAreNeverLearnedAsJson() {
        String chat = "<|im_start|>user\nWhich bird?<|im_end|>\n<|im_start|>assistant\nA kea.<|im_end|>\n";
        Table messages = row("messages", ASKED.replace("]", ", ") + SAID.substring(1));
        Table pair = row("prompt", ASKED, "completion", SAID);
        Table chosen = row("prompt", ASKED, "chosen", SAID, "rejected", SAID);
        for (Documents documents : List.of(
                Documents.of(messages),
                Documents.of(messages, "messages"),
                Documents.of(Conversations.of(messages, "messages")),
                Documents.of(pair),
                Documents.of(pair, "prompt", "completion"),
                Documents.of(chosen, "prompt", "chosen"),
                Documents.of(Conversations.of(pair, "prompt", "completion")))) {
            assertTrue(text(documents).endsWith(chat), text(documents));
            assertEquals(List.of("A kea.<|im_end|>"), learned(documents));
        }
    }

    @Test
    void answersInThePromptAreNotLearned() {
        String prompt = "[{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': 'b'},"
                + " {'role': 'user', 'content': 'c'}]";
        assertEquals(List.of("A kea.<|im_end|>"), learned(Documents.of(row("prompt", prompt, "completion", SAID))));
    }

    @ParameterizedTest
    @CsvSource({
        "preferences, prompt chosen rejected",
        "preferences, chosen rejected",
        "steps that are judged, prompt completions labels",
        "Documents.of(table; column), prompt",
        "Documents.of(table; column), question answer"
    })
    void whatCannotBeLearnedIsRefused(String says, String columns) {
        String[] cells = java.util.stream.Stream.of(columns.split(" "))
                .flatMap(name -> java.util.stream.Stream.of(name, "x"))
                .toArray(String[]::new);
        String message = assertThrows(BadArgumentException.class, () -> Documents.of(row(cells)))
                .getMessage();
        assertTrue(message.contains(says.replace(';', ',')), message);
    }

    @Test
    void judgedAnswersAreRefused() {
        Table judged = row("prompt", "a", "completion", "b", "label", "False");
        assertTrue(assertThrows(BadArgumentException.class, () -> Documents.of(judged))
                .getMessage()
                .contains("judged"));
        Documents.of(row("prompt", "a", "completion", "b", "label", "birds"));
    }

    @Test
    void textsAmongMessagesAreRefused() {
        Table mixed = Table.create("t", StringColumn.create("text", "Hello.", ASKED.replace('\'', '"')));
        String message = assertThrows(BadArgumentException.class, () -> Documents.of(mixed, "text"))
                .getMessage();
        assertTrue(message.contains("row 1 of text is a list of messages"), message);
        assertThrows(BadArgumentException.class, () -> Documents.of(row("prompt", "Who?", "completion", SAID)));
        assertEquals(
                "[1, 2, {\"role\": 3}]<|im_end|>",
                text(Documents.of(row("text", "[1, 2, {'role': 3}]"))),
                "JSON that is no chat is text");
    }

    @Test
    void weightsSayWhichAnswersAreLearned() {
        for (String[] field : new String[][] {{"weight", "0", "1"}, {"train", "false", "true"}}) {
            String chat = ("[{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': 'bad', '%s': %s},"
                            + " {'role': 'user', 'content': 'c'}, {'role': 'assistant', 'content': 'good', '%s': %s}]")
                    .formatted(field[0], field[1], field[0], field[2]);
            Documents documents = Documents.of(row("messages", chat));
            assertEquals(List.of("good<|im_end|>"), learned(documents));
            String message = assertThrows(BadArgumentException.class, () -> text(documents))
                    .getMessage();
            assertTrue(message.contains("weight") && message.contains("completionOnly()"), message);
            Conversations without =
                    Conversations.of(row("messages", chat), "messages").without("weight");
            assertEquals(2, learned(Documents.of(without)).size());
        }
        String half = ASKED.replace("]", ", ") + "{'role': 'assistant', 'content': 'x', 'weight': 0.5}]";
        assertTrue(assertThrows(BadArgumentException.class, () -> Documents.of(row("messages", half)))
                .getMessage()
                .contains("message 1 has the weight 0.5; expected 0 or 1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "tool_calls~{'role': 'assistant', 'content': null, 'tool_calls': [{'type': 'function', 'function': {'name': 'clock', 'arguments': '{}'}}]}",
                "tool_calls~{'from': 'function_call', 'value': '{\\\"name\\\": \\\"clock\\\", \\\"arguments\\\": {}}'}",
                "function_call~{'role': 'assistant', 'content': '', 'function_call': {'name': 'clock', 'arguments': '{}'}}",
                "reasoning_content~{'role': 'assistant', 'content': 'x', 'reasoning_content': 'Hm.'}",
                "name~{'role': 'user', 'content': 'x', 'name': 'Ada'}"
            })
    void fieldsThatTheTemplateDoesNotWriteAreNamed(String field, String message) {
        Table table = row("messages", ASKED.replace("]", ", ") + message + "]");
        String refusal = assertThrows(ChatTemplateException.class, () -> learned(Documents.of(table)))
                .getMessage();
        assertTrue(refusal.contains("row 0: ") && refusal.contains("the field " + field), refusal);
        assertTrue(refusal.contains("conversations.without(\"" + field + "\")"), refusal);
    }

    @Test
    void otherFieldsDoNotHinder() {
        String chat = "[{'role': 'user', 'content': 'a', 'id': 7, 'name': null}, {'role': 'tool', 'content': '31',"
                + " 'tool_call_id': 'c1', 'name': 'clock'}, {'role': 'assistant', 'content': 'b', 'tool_calls': []}]";
        assertEquals(List.of("b<|im_end|>"), learned(Documents.of(row("messages", chat))));
    }

    @Test
    void toolsThatTheTemplateDoesNotWriteAreNamed() {
        String chat = ASKED.replace("]", ", ") + SAID.substring(1);
        String tools = "[{'type': 'function', 'function': {'name': 'clock'}}]";
        for (Table table : List.of(
                row("messages", chat, "tools", tools),
                row("messages", "{'messages': " + chat + ", 'tools': " + tools + "}"))) {
            String refusal = assertThrows(ChatTemplateException.class, () -> text(Documents.of(table)))
                    .getMessage();
            assertTrue(refusal.contains("does not write the tools"), refusal);
            Conversations without = Conversations.of(table, "messages").without("tools");
            assertEquals(List.of("A kea.<|im_end|>"), learned(Documents.of(without)));
        }
        assertTrue(assertThrows(BadArgumentException.class, () -> Documents.of(row("messages", chat, "tools", "clock")))
                .getMessage()
                .contains("tools is \"clock\""));
    }

    @Test
    void whatStandsBesideTheMessagesIsRead() {
        Table shareGpt = row(
                "conversations",
                "[{'from': 'human', 'value': 'Hi'}, {'from': 'gpt', 'value': 'Hello.'}]",
                "system",
                "Be brief.");
        assertTrue(text(Documents.of(shareGpt)).startsWith("<|im_start|>system\nBe brief.<|im_end|>"));
        Table alpaca = row("instruction", "c", "output", "d", "system", "Be kind.", "history", "[['a', 'b']]");
        Documents documents = Documents.of(alpaca);
        assertTrue(text(documents).startsWith("<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\na<|im_end|>"));
        assertEquals(List.of("b<|im_end|>", "d<|im_end|>"), learned(documents));
        Table damaged = row("instruction", "c", "output", "d", "history", "[['a']]");
        assertTrue(assertThrows(BadArgumentException.class, () -> Documents.of(damaged))
                .getMessage()
                .contains("turn 0 is no pair of texts"));
    }

    @Test
    void whatCuttingLosesIsSaid() {
        String longer = IntStream.range(0, 30).mapToObj(i -> "word ").collect(java.util.stream.Collectors.joining());
        Table table = Table.create(
                "t",
                StringColumn.create("question", "Who?", "Who?", longer),
                StringColumn.create("answer", "Me.", longer, "Me."));
        Documents documents =
                Documents.of(Conversations.of(table, "question", "answer")).completionOnly();
        assertEquals(List.of(), documents.batches(SMOLLM2).losses());
        CausalBatches cut = documents.length(40).batches(SMOLLM2);
        String said = String.join("\n", cut.losses());
        assertTrue(said.startsWith("2 rows are cut to 40 tokens"), said);
        assertTrue(
                said.contains("1 loses a part of what is learned, 1 has nothing left to learn and will be left out"),
                said);
        assertEquals(1, cut.leftOut());
    }
}
