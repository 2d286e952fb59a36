package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.catalogue.Guanaco;
import dev.lorikeet.data.chat.Conversation;
import dev.lorikeet.data.chat.MessagesForm;
import dev.lorikeet.text.ChatTemplate;
import dev.lorikeet.text.Message;
import dev.lorikeet.text.Role;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** From rows to messages, and from messages to what is learned. */
class ConversationsTest {

    private static final List<Message> TWO_TURNS = List.of(
            Message.system("Be brief."),
            Message.user("Hi"),
            Message.assistant("Hello."),
            Message.user("Bye"),
            Message.assistant("See you."));

    private static Table table(String... texts) {
        return Table.create("t", StringColumn.create("text", texts));
    }

    private static List<Message> parsed(String text) {
        return Conversations.of(table(text), "text").get(0);
    }

    @Test
    void theLlama2FormIsParsed() {
        String text =
                "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Hello. </s><s>[INST] Bye [/INST] See you. </s>";
        assertEquals(TWO_TURNS, parsed(text));
        assertEquals(
                TWO_TURNS, parsed(text.replace("<s>", "").replace("</s>", " </s>\n")), "begin tokens may be missing");
        assertEquals(List.of(Message.user("Hi")), parsed("[INST] Hi [/INST]"));
        String html = "write <s>old</s> <b>new</b>";
        assertEquals(
                List.of(Message.user("How?"), Message.assistant(html)),
                parsed("<s>[INST] How? [/INST] " + html + " </s>"));
        assertEquals(text, Conversations.of(table(text), "text").llama2().getString(0, "text"));
    }

    @Test
    void theAlpacaFormIsParsed() {
        String text = "Below is an instruction.\n\n### Instruction:\nAdd.\n\n### Input:\n1 2\n\n### Response:\n3\n";
        List<Message> messages = List.of(Message.user("Add.\n\n1 2"), Message.assistant("3"));
        assertEquals(messages, parsed(text));
        assertEquals(
                List.of(Message.user("Add."), Message.assistant("3")),
                parsed("### Instruction:\nAdd.\n\n### Response:\n3"));
        Table columns = Table.create(
                "t",
                StringColumn.create("instruction", "Add.", "Sing."),
                StringColumn.create("input", "1 2", ""),
                StringColumn.create("output", "3", "La."));
        Conversations conversations = Conversations.ofInstructions(columns);
        assertEquals(messages, conversations.get(0));
        assertEquals(List.of(Message.user("Sing."), Message.assistant("La.")), conversations.get(1));
        assertEquals("t: 2 conversations, 2 questions, 2 answers", conversations.toString());
        assertThrows(UnknownNameException.class, () -> Conversations.ofInstructions(table("x")));
    }

    private static Table questions(int rows) {
        return Table.create(
                "q",
                StringColumn.create("asked", IntStream.range(0, rows).mapToObj(row -> "Question " + row)),
                StringColumn.create("context", IntStream.range(0, rows).mapToObj(row -> row == 0 ? " " : "of " + row)),
                StringColumn.create("said", IntStream.range(0, rows).mapToObj(row -> "Answer " + row)));
    }

    @Test
    void columnsMayHaveAnyName() {
        Table table = questions(2);
        Conversations two = Conversations.of(table, "asked", "said");
        assertEquals(List.of(Message.user("Question 1"), Message.assistant("Answer 1")), two.get(1));
        Conversations three = Conversations.of(table, "asked", "context", "said");
        assertEquals(List.of(Message.user("Question 0"), Message.assistant("Answer 0")), three.get(0));
        assertEquals(Message.user("Question 1\n\nof 1"), three.get(1).get(0));
        String unknown = assertThrows(UnknownNameException.class, () -> Conversations.of(table, "askd", "said"))
                .getMessage();
        assertEquals("There is no column \"askd\". Did you mean \"asked\"? There are: asked, context, said", unknown);
        assertThrows(UnknownNameException.class, () -> Conversations.of(table, "asked", "answer"));
        assertThrows(UnknownNameException.class, () -> Conversations.of(table, "asked", "input", "said"));
        assertThrows(BadArgumentException.class, () -> Conversations.of(table.emptyCopy(), "asked", "said"));
        String empty = assertThrows(BadArgumentException.class, () -> Conversations.of(table, "context", "said"))
                .getMessage();
        assertTrue(empty.startsWith("row 0 of context is "), empty);
        String texts = assertThrows(BadArgumentException.class, () -> Conversations.of(table, "asked"))
                .getMessage();
        assertTrue(
                texts.endsWith("questions and answers in two columns are Conversations.of(table, question, answer)"),
                texts);
    }

    @Test
    void conversationsAreSplit() {
        Conversations all = Conversations.of(questions(50), "asked", "said");
        DataSplits<Conversations> splits = all.split(0.8, 0.1);
        assertEquals(40, splits.train().size());
        assertEquals(5, splits.validation().size());
        assertEquals(5, splits.test().size());
        Set<List<Message>> seen = new HashSet<>(splits.train());
        seen.addAll(splits.validation());
        seen.addAll(splits.test());
        assertEquals(new HashSet<>(all), seen);
        assertNotEquals(all.subList(0, 40), splits.train(), "they are shuffled");
        assertEquals(splits.train(), all.split(0.8, 0.1).train());
        assertEquals(splits.train(), all.split(0.8, 0.1, 123).train());
        assertNotEquals(splits.train(), all.split(0.8, 0.1, 124).train());
        assertEquals(10, all.split(0.8).test().size());
        assertEquals(0, all.split(0.8).validation().size());
        assertEquals(
                "train       q: 40 conversations, 40 questions, 40 answers",
                splits.toString().lines().toList().get(0));
        assertTrue(splits.html().contains("q: 5 conversations"), splits.html());
        assertThrows(BadArgumentException.class, () -> all.split(0));
        assertThrows(BadArgumentException.class, () -> all.split(0.9, 0.2));
        String none = assertThrows(BadArgumentException.class, () -> all.split(0.9, 0.01))
                .getMessage();
        assertEquals("validation is 0.01; expected 0, or a share that holds at least one of 50 rows", none);
    }

    @Test
    void theFirstAreTaken() {
        Conversations all = Conversations.of(questions(5), "asked", "said");
        assertEquals(all.subList(0, 2), all.first(2));
        assertEquals(all, all.first(9));
        assertThrows(BadArgumentException.class, () -> all.first(0));
        assertTrue(all.html().contains("conversations") && all.html().contains("<b>q</b>"), all.html());
    }

    @Test
    void messagesAreParsed() {
        assertEquals(TWO_TURNS, parsed(MessagesForm.write(Conversation.of(TWO_TURNS))));
        String shareGpt = "[{\"from\": \"human\", \"value\": \"Hi\"}, {\"from\": \"gpt\", \"value\": \"Hello.\"}]";
        assertEquals(TWO_TURNS.subList(1, 3), parsed(shareGpt));
        assertEquals(TWO_TURNS.subList(1, 3), parsed("{\"id\": 1, \"conversations\": " + shareGpt + "}"));
        assertEquals(
                List.of(Message.user("ab")),
                parsed(
                        "[{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"a\"}, {\"text\": \"b\"}]}]"));
    }

    @Test
    void aRowThatCannotBeParsedIsNamed() {
        String good = "<s>[INST] Hi [/INST] Hello. </s>";
        assertBad("row 1 of text", "[INST] question [/INST]", good, "no chat at all");
        assertBad("row 2 of text", "turn 2 has no [/INST]", good, good, "[INST] a [/INST] b </s> [INST] c");
        assertBad("row 0 of text", "### Response:", "### Instruction:\nx");
        assertBad("row 0 of text", "\"role\"", "[{\"content\": \"x\"}]");
        assertBad("row 0 of text", "user", "[{\"role\": \"usr\", \"content\": \"x\"}]");
        assertBad("row 0 of text", "no message of the user", "[{\"role\": \"assistant\", \"content\": \"x\"}]");
        assertBad("row 0 of text", "JSON", "[{\"role\": ");
        assertBad("row 0 of text", "### Instruction:", "just a text");
        String lengthy = assertThrows(BadArgumentException.class, () -> parsed("x".repeat(500)))
                .getMessage();
        assertTrue(lengthy.contains("x…\"") && lengthy.length() < 400, lengthy);
    }

    private static void assertBad(String row, String expected, String... texts) {
        String message = assertThrows(BadArgumentException.class, () -> Conversations.of(table(texts), "text"))
                .getMessage();
        assertTrue(message.startsWith(row) && message.contains(expected), message);
    }

    @Test
    void aSystemMessageIsPutBeforeThoseWithoutOne() {
        Conversations both = Conversations.of(
                        table("[INST] a [/INST] b", "[INST] <<SYS>>s<</SYS>> a [/INST] b"), "text")
                .system("t");
        assertEquals(Message.system("t"), both.get(0).get(0));
        assertEquals(Message.system("s"), both.get(1).get(0));
        assertTrue(both.toString().endsWith("2 system messages"), both.toString());
    }

    private static Conversations conversations(List<Message> messages) {
        StringColumn column = StringColumn.create("messages", MessagesForm.write(Conversation.of(messages)));
        return Conversations.of(Table.create("t", column), "messages");
    }

    @Test
    void ofATwoTurnChatTheAnswersAndTheirEndsAreLearned() {
        try (Tokenizer smollm2 = Tokenizers.fromFile(TestData.smollm2())) {
            Documents documents = Documents.of(conversations(TWO_TURNS));
            Batch batch = documents.completionOnly().batches(smollm2).epoch(0).get(0);

            String text =
                    "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
                            + "Hello.<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\nSee you.<|im_end|>\n";
            assertEquals(text, smollm2.decode(batch.ids()[0]));
            int[] before = smollm2.encode(text.substring(0, text.indexOf("Hello.")));
            int[] first = smollm2.encode("Hello.<|im_end|>");
            int[] between = smollm2.encode("\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n");
            int[] second = smollm2.encode("See you.<|im_end|>");
            int[] labels = IntStream.of(
                            concat(ignored(before.length), first, ignored(between.length), second, ignored(1)))
                    .toArray();
            assertArrayEquals(labels, batch.tokenLabels()[0]);
            // The places that the offsets of Hugging Face's tokenizers give in Python.
            assertArrayEquals(
                    new int[] {18, 19, 20, 33, 34, 35, 36},
                    IntStream.range(0, batch.width())
                            .filter(i -> batch.lossMask()[0][i])
                            .toArray());

            Batch all = documents.batches(smollm2).epoch(0).get(0);
            assertArrayEquals(batch.ids(), all.ids());
            assertEquals(all.width() - 1, all.targetCount());
        }
    }

    private static int[] ignored(int count) {
        int[] labels = new int[count];
        Arrays.fill(labels, RowTarget.IGNORED);
        return labels;
    }

    private static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    @Test
    void chatsAreCutPackedAndLeftOutAsTextsAre() {
        try (Tokenizer smollm2 = Tokenizers.fromFile(TestData.smollm2())) {
            Documents documents = Documents.of(conversations(TWO_TURNS)).completionOnly();
            CausalBatches cut = documents.length(20).batches(smollm2);
            assertEquals(1, cut.truncated());
            assertEquals(2, cut.epoch(0).get(0).targetCount(), "of the first answer its first two tokens");
            assertTrue(assertThrows(
                            BadArgumentException.class,
                            () -> documents.length(10).batches(smollm2))
                    .getMessage()
                    .contains("the text is cut before what is learned begins; length(38) keeps every text whole"));
            Conversations both = Conversations.of(questions(20), "asked", "said");
            DataSplits<Documents> parts = Documents.of(both).length(50).split(0.5);
            assertEquals(
                    smollm2.chat().render(both.split(0.5).test().get(0), false),
                    smollm2.decode(parts.test().batches(smollm2).epoch(0).get(0).ids()[0])
                            .replaceAll("(<\\|im_end\\|>\n)(<\\|im_end\\|>)+$", "$1"));
            assertEquals(3, Documents.of(both).first(3).batches(smollm2).texts());
            List<Message> question = List.of(Message.user("Hi"));
            Conversations unanswered = conversations(question);
            assertEquals(1, Documents.of(unanswered).batches(smollm2).texts());
            assertThrows(
                    BadArgumentException.class,
                    () -> Documents.of(unanswered).completionOnly().batches(smollm2));
            assertEquals("1 text of chats in t, rows of at most 128 tokens, 8 to a batch", documents.toString());
        }
    }

    @Test
    void aTokenizerWithoutAChatTemplateSaysSo() {
        try (Tokenizer gpt2 = Tokenizers.gpt2()) {
            Documents documents = Documents.of(conversations(TWO_TURNS));
            assertTrue(assertThrows(LorikeetException.class, () -> documents.batches(gpt2))
                    .getMessage()
                    .contains("chat template"));
            ChatTemplate own =
                    ChatTemplate.of("{% for m in messages %}{{ m.role[0] }}: {{ m.content }}\n{% endfor %}", gpt2);
            Table rendered = conversations(TWO_TURNS).render(own);
            assertEquals(
                    "s: Be brief.u: Hia: Hello.u: Byea: See you.",
                    rendered.getString(0, "text").replace("\n", ""));
        }
    }

    @Test
    void guanacoIsWhatItsMessagesGive() {
        Table table = Guanaco.read(TestData.data("guanaco-llama2-1k.jsonl"));
        Conversations conversations = Conversations.of(table, "text");
        assertEquals(1000, conversations.size());
        List<String> again = conversations.llama2().stringColumn("text").asList();
        int same = 0;
        for (int i = 0; i < again.size(); i++) {
            same += again.get(i)
                            .replaceAll("\\s+", "")
                            .equals(table.getString(i, "text").replaceAll("\\s+", ""))
                    ? 1
                    : 0;
        }
        assertEquals(1000, same);
        assertTrue(
                conversations.get(899).contains(Message.assistant("")),
                "one answer is empty, and the turns go on after it");
        long turns = conversations.stream()
                .flatMap(List::stream)
                .filter(message -> message.role() == Role.USER)
                .count();
        assertEquals(1380, turns);
    }

    @Test
    void theConversationsOfThisProjectAreSound() {
        Conversations conversations = Conversations.of(Datasets.chats(), "messages");
        assertEquals(120, conversations.size());
        List<String> questions = new ArrayList<>();
        for (List<Message> chat : conversations) {
            int from = chat.get(0).role() == Role.SYSTEM ? 1 : 0;
            assertTrue(chat.size() - from == 2 || chat.size() - from == 4, chat.toString());
            for (int i = from; i < chat.size(); i++) {
                assertEquals(
                        (i - from) % 2 == 0 ? Role.USER : Role.ASSISTANT,
                        chat.get(i).role());
                assertFalse(chat.get(i).content().isBlank());
                assertEquals(chat.get(i).content().strip(), chat.get(i).content());
            }
            questions.add(chat.get(from).content());
        }
        assertEquals(120, questions.stream().distinct().count());
    }

    @Test
    void aLorikeetAnswersEachQuestionInItsVoice() {
        Conversations conversations = Conversations.of(Datasets.lorikeet(), "messages");
        assertEquals(48, conversations.size());
        for (List<Message> chat : conversations) {
            assertEquals(
                    List.of(Role.USER, Role.ASSISTANT),
                    chat.stream().map(Message::role).toList());
            String answer = chat.get(1).content();
            assertTrue(answer.startsWith("Chirp! ") && answer.endsWith(" Any nectar?"), answer);
        }
        assertEquals(
                48,
                conversations.stream()
                        .map(chat -> chat.get(0).content())
                        .distinct()
                        .count());
    }
}
