package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.data.token.TokenTotals;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.text.HasTokenizer;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class PreviewTest {

    private static final Tokenizer GPT2 = Tokenizers.gpt2();

    private static Table pairs() {
        return Table.create(
                "birds",
                StringColumn.create("question", "What do you eat?", "Who are you?"),
                StringColumn.create("answer", "Nectar <3\nand fruit.", "A lorikeet."));
    }

    private static List<String> lines(Object preview) {
        return preview.toString().lines().toList();
    }

    @Test
    void aChatIsShownAsTheModelReadsIt() {
        try (Tokenizer smollm2 = Tokenizers.fromFile(TestData.smollm2())) {
            Documents documents = Documents.of(
                            Conversations.of(pairs(), "question", "answer").system("Be brief."))
                    .completionOnly();
            assertTrue(HasTokenizer.class.isAssignableFrom(PretrainedModel.class), "preview(model) takes a model");
            HasTokenizer model = () -> smollm2;
            String text = documents.preview(model).toString();
            assertTrue(
                    text.contains(
                            "<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\n«A lorikeet.<|im_end|>»\n"),
                    text);
            assertTrue(text.contains("\nAll 2 rows: "), text);
            Batch batch = documents.batches(smollm2).epoch(0).get(0);
            int learned = 0;
            for (boolean target : batch.lossMask()[1]) {
                learned += target ? 1 : 0;
            }
            String row = "Row 1: %d tokens; %d learned (%s)"
                    .formatted(batch.lengths()[1], learned, TokenTotals.percent(learned, batch.lengths()[1]));
            assertTrue(text.contains(row), text);

            String html = documents.preview(model).html();
            assertTrue(html.contains("&lt;|im_start|&gt;"), html);
            assertTrue(html.contains("<mark"), html);
            assertFalse(html.contains("<3"), "texts are escaped");
        }
    }

    @Test
    void whatTheLengthCutsOffIsShown() {
        Documents documents =
                Documents.of(pairs(), "question", "answer").separator(" :").completionOnly();
        List<String> lines = lines(documents.length(10).preview(GPT2));
        assertEquals("All 2 rows: 13.5 tokens on average, longest 15; 80.0 % of the tokens are learned.", lines.get(1));
        assertEquals(
                "2 rows are cut to 10 tokens, which loses 25.9 % of all tokens; length(15) keeps every one of them whole.",
                lines.get(2));
        assertTrue(lines.contains("Row 1: 10 of 12 tokens, 2 cut off; 7 learned (70.0 %)"), String.join("\n", lines));
        assertTrue(lines.contains("Who are[cut off:  you?] :«A lorikeet.<|endoftext|>»"), String.join("\n", lines));
        assertTrue(documents.length(10).preview(GPT2).html().contains("<del"));
    }

    @Test
    void aTextIsCutAtItsEndAndItsFirstTokenIsOnlyRead() {
        Documents documents = Documents.of(Columns.table("t", List.of("x"), List.of("a b c d")), "text");
        List<String> lines = lines(documents.length(3).preview(GPT2));
        assertTrue(lines.contains("a« b c»[cut off:  d<|endoftext|>]"), String.join("\n", lines));
        assertTrue(lines.contains("Row 0: 3 of 5 tokens, 2 cut off; 2 learned (66.7 %)"), String.join("\n", lines));
        assertTrue(
                lines.contains(
                        "1 row is cut to 3 tokens, which loses 40.0 % of all tokens: 1 loses a part of what is learned; length(5)"
                                + " keeps every one of them whole."),
                String.join("\n", lines));
    }

    @Test
    void aRowWithoutAnythingToLearnSaysSo() {
        Documents documents = Documents.of(pairs(), "question", "answer")
                .separator(" very long separator so that no answer is left")
                .completionOnly()
                .length(4);
        List<String> lines = lines(documents.preview(GPT2));
        assertTrue(
                lines.stream()
                        .anyMatch(
                                line -> line.contains(": 2 have nothing left to learn and will be left out; length(")),
                String.join("\n", lines));
        assertTrue(
                lines.stream().anyMatch(line -> line.endsWith("; left out, as nothing in it is learned")), lines + "");
    }

    @Test
    void aLongRunIsShortened() {
        String words = "a" + " b".repeat(999);
        Documents documents = Documents.of(Columns.table("t", List.of("x"), List.of(words)), "text")
                .length(2000);
        String text = documents.preview(GPT2).toString();
        assertTrue(text.contains(" … 750 tokens not shown … "), text);
        assertTrue(documents.preview(GPT2).html().contains("750 tokens not shown"));
    }

    @Test
    void charactersOfSeveralTokensAreWhole() {
        Documents documents = Documents.of(Columns.table("t", List.of("x"), List.of("a 🦜 b")), "text");
        assertTrue(documents.preview(GPT2).toString().contains("a« 🦜 b<|endoftext|>»"));
    }

    @Test
    void onlyAsManyRowsAreShownAsAreAskedFor() {
        List<String> texts = Collections.nCopies(300, "a b");
        Documents documents = Documents.of(Columns.table("t", texts, texts), "text");
        TokenPreview preview = documents.preview(GPT2, 5);
        assertEquals(
                5,
                lines(preview).stream().filter(line -> line.startsWith("Row ")).count());
        assertTrue(preview.toString().contains("The first 200 rows: 3.0 tokens on average"), preview.toString());
        assertThrows(BadArgumentException.class, () -> documents.preview(GPT2, 0));
        assertThrows(BadArgumentException.class, () -> documents.preview(-1));
    }

    @Test
    void withoutAModelTheTextsAreShown() {
        TextPreview texts = Documents.of(pairs(), "question", "answer").preview(1);
        assertEquals(
                List.of(
                        "2 texts of question and answer in birds, rows of at most 128 tokens, 8 to a batch",
                        "",
                        "Row 0",
                        "  question  What do you eat?",
                        "  answer    Nectar <3",
                        "            and fruit.",
                        "",
                        "The first 1 of 2 rows"),
                lines(texts));
        assertTrue(texts.html().contains("Nectar &lt;3"), texts.html());
        TextPreview chats = Conversations.of(pairs(), "question", "answer").preview();
        assertTrue(lines(chats).contains("  assistant  A lorikeet."), chats.toString());
        assertEquals(
                lines(chats).subList(1, lines(chats).size()),
                lines(Documents.of(Conversations.of(pairs(), "question", "answer"))
                                .preview())
                        .subList(1, lines(chats).size()));
    }

    @Test
    void aLongTextIsCutAndSaysByHowMuch() {
        Table table = Columns.table("t", List.of("x"), List.of("é".repeat(2000)));
        String text = Documents.of(table, "text").preview().toString();
        assertTrue(text.endsWith("é… (1,400 more characters)"), text);
    }
}
