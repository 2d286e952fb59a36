package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.lorikeet.text.Message;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that were made to take long, or that are long by accident, take no longer than others of their length. */
class LongChatsTest {

    private static final int LENGTH = 200_000;

    private static List<Message> parsed(String text) {
        return assertTimeout(
                Duration.ofSeconds(5),
                () -> ChatForm.of(text).orElseThrow().parse(text).messages(),
                text.substring(0, 20));
    }

    private static String filled(String piece) {
        return piece.repeat(LENGTH / piece.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "\n",
                "</s> ",
                "</s><s> ",
                "<s>",
                "</s>\t<s>\t\t",
                "[INST ",
                "<<SYS>> ",
                "<</SYS> ",
                "[/INST ",
                "x"
            })
    void anAnswerMayBeLongAndStrange(String piece) {
        String answer = "y" + filled(piece) + "z";
        assertEquals(
                List.of(Message.user("x"), Message.assistant(answer)), parsed("[INST] x [/INST] " + answer + " </s>"));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\n", "<<SYS>> ", "</s>", "<s>", "x"})
    void aSystemTextThatIsNeverClosedBelongsToTheQuestion(String piece) {
        String question = "<<SYS>>" + filled(piece) + "x";
        assertEquals(
                List.of(Message.user(question), Message.assistant("y")), parsed("[INST] " + question + " [/INST] y"));
    }

    @Test
    void spacesAroundEachPartAreDropped() {
        String space = filled(" ");
        assertEquals(
                List.of(
                        Message.system("s"),
                        Message.user("a"),
                        Message.assistant("b"),
                        Message.user("c"),
                        Message.assistant("d")),
                parsed("[INST]" + space + "<<SYS>>" + space + "s" + space + "<</SYS>>" + space + "a" + space + "[/INST]"
                        + space + "b" + space + "</s>" + space + "<s>" + space + "[INST] c [/INST] d"));
    }

    @Test
    void thousandsOfTurnsAreRead() {
        int turns = 5_000;
        assertEquals(
                2 * turns, parsed("<s>[INST] a [/INST] b </s>".repeat(turns)).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "### Instruction:", "### Input:", "### Response", "#"})
    void anAlpacaTextMayBeLongToo(String piece) {
        String answer = "y" + filled(piece) + "z";
        assertEquals(
                List.of(Message.user("x"), Message.assistant(answer)),
                parsed("### Instruction:\nx\n\n### Response:\n" + answer));
    }
}
