package dev.lorikeet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.cli.Tiny.Outcome;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerateCommandTest {

    private static final String GENERATE = "generate --precision float32 --max-tokens 9 --model ";

    @TempDir
    Path folder;

    @Test
    void printsTheContinuationAlone() {
        try (PretrainedModel model = Models.load(Tiny.LLAMA, DType.FLOAT32)) {
            Outcome greedy = Tiny.run(GENERATE + Tiny.LLAMA, "--prompt", "the cat");
            assertEquals(0, greedy.status(), greedy.err());
            assertEquals(model.generate("the cat", 9).text() + System.lineSeparator(), greedy.out());
            assertTrue(greedy.err().contains("tokens/s"), greedy.err());

            Outcome drawn = Tiny.run(
                    GENERATE + Tiny.LLAMA + " --temperature 1.5 --top-k 7 --top-p 0.9 --seed 5 --prompt", "the cat");
            GenerationConfig settings = GenerationConfig.greedy(9)
                    .temperature(1.5)
                    .topK(7)
                    .topP(0.9)
                    .seed(5);
            assertEquals(model.generate("the cat", settings).text() + System.lineSeparator(), drawn.out());
        }
    }

    @Test
    void answersByTheTemplateOfTheModel() throws IOException {
        Path chatting = Tiny.chatting(folder);
        Outcome chat = Tiny.run(GENERATE + chatting + " --system be --chat", "the cat");
        Outcome prompt = Tiny.run(GENERATE + chatting + " --prompt", "be the cat ");
        assertEquals(0, chat.status(), chat.err());
        assertEquals(prompt.out(), chat.out());
        Outcome without = Tiny.run(GENERATE + Tiny.LLAMA + " --chat hello");
        assertEquals(1, without.status());
        assertTrue(without.err().contains("chat template"), without.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--prompt x --top-p 2 | 1 | topP is 2.0; expected more than 0 and at most 1",
                "--prompt x --adapter /none | 1 | holds no adapter",
                "--prompt x --stop zebra | 1 | There is no stop token \"zebra\"",
                "--prompt x --system y | 2 | --system goes with --chat",
                "--prompt x --chat y | 2 | mutually exclusive",
                "--prompt x --max-tokens some | 2 | Invalid value for option '--max-tokens'",
                "--prompt x --quantize nf3 | 2 | 'nf3'",
            })
    void whatIsWrongIsNamed(String options, int status, String problem) {
        Outcome outcome = Tiny.run(GENERATE + Tiny.LLAMA + " " + options);
        assertEquals(status, outcome.status(), outcome.err());
        assertTrue(outcome.err().contains(problem), outcome.err());
        assertEquals("", outcome.out().strip());
    }

    @Test
    void anInterruptStopsIt() {
        Thread.currentThread().interrupt();
        Outcome outcome = Tiny.run(GENERATE + Tiny.LLAMA + " --prompt a");
        assertEquals(Failures.STOPPED, outcome.status());
        assertTrue(outcome.err().contains("stopped"), outcome.err());
    }
}
