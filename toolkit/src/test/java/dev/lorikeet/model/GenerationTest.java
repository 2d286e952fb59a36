package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.generate.GenerationResult;
import dev.lorikeet.model.generate.Generator;
import dev.lorikeet.text.Tokenizers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GenerationTest {

    private static final String PROMPT = "the end";
    private static PretrainedModel model;

    @BeforeAll
    static void load() {
        model = TinyModels.load("tiny-llama");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static int[] ids(GenerationConfig settings) {
        return model.generate(PROMPT, settings).ids();
    }

    @Test
    void theWholeLengthCountsThePrompt() {
        int prompt = model.tokenizer().encode(PROMPT).length;
        GenerationConfig settings = GenerationConfig.greedy(50).maxLength(prompt + 3);
        assertEquals(3, model.generate(PROMPT, settings).ids().length);
        assertEquals(
                2,
                model.generate(PROMPT, GenerationConfig.greedy(2).maxLength(100))
                        .ids()
                        .length);
        String message = assertThrows(
                        BadArgumentException.class, () -> model.generate(PROMPT, settings.maxLength(prompt)))
                .getMessage();
        assertTrue(message.contains("more than the prompt's " + prompt), message);
    }

    @Test
    void severalTextsAtOnceAreWhatEachIsAlone() {
        List<String> prompts = List.of(PROMPT, "then the hen", "an");
        GenerationConfig settings = GenerationConfig.greedy(12).maxLength(14);
        List<GenerationResult> together = model.generate(prompts, settings);
        for (int i = 0; i < prompts.size(); i++) {
            GenerationResult alone = model.generate(prompts.get(i), settings);
            assertArrayEquals(alone.ids(), together.get(i).ids());
            assertEquals(alone.text(), together.get(i).text());
            assertEquals(alone.stop(), together.get(i).stop());
        }
        assertThrows(BadArgumentException.class, () -> model.generate(List.of(), settings));
    }

    @Test
    void eachOfSeveralTextsDrawsForItself() {
        GenerationConfig settings = GenerationConfig.sampled(12).seed(5);
        List<GenerationResult> together = model.generate(List.of(PROMPT, PROMPT), settings);
        assertArrayEquals(ids(settings), together.get(0).ids());
        assertArrayEquals(ids(settings.seed(6)), together.get(1).ids());
    }

    @Test
    void whatNobodySeesWhileItIsWrittenHasABar() {
        List<String> told = new ArrayList<>();
        Progress.showOn((title, total) -> new Progress() {
            @Override
            public void at(long done, String detail) {
                told.add(title + " " + done + " of " + total);
            }

            @Override
            public void complete(String detail) {
                told.add("complete: " + detail);
            }

            @Override
            public void close() {
                told.add("closed");
            }
        });
        try {
            GenerationResult generated = model.generate(PROMPT, GenerationConfig.greedy(3));
            assertEquals("Generating " + generated.ids().length + " of 3", told.get(told.size() - 3));
            assertEquals("complete: ", told.get(told.size() - 2), "the result tells its speed");
            assertEquals("closed", told.get(told.size() - 1));
            told.clear();
            int written = model.generate(List.of(PROMPT, PROMPT), GenerationConfig.greedy(3)).stream()
                    .mapToInt(text -> text.ids().length)
                    .sum();
            assertEquals("Generating " + written + " of 6", told.get(told.size() - 3), "one for all texts");
            told.clear();
            model.generate(PROMPT, GenerationConfig.greedy(3), piece -> {});
            assertEquals(List.of(), told, "whoever listens sees the text itself");
        } finally {
            Progress.showOn(Progress::silent);
        }
    }

    @Test
    void theSeedDecidesTheDraws() {
        GenerationConfig settings = GenerationConfig.sampled(15).seed(5);
        assertArrayEquals(ids(settings), ids(settings));
        assertFalse(Arrays.equals(ids(settings), ids(settings.seed(6))));
    }

    @Test
    void theLikeliestTokenAloneIsGreedy() {
        int[] greedy = ids(GenerationConfig.greedy(15));
        assertArrayEquals(greedy, ids(GenerationConfig.sampled(15).topK(1)));
        assertArrayEquals(greedy, ids(GenerationConfig.sampled(15).topP(1e-9)));
        assertArrayEquals(greedy, ids(GenerationConfig.sampled(15).temperature(1e-4)));
        assertFalse(Arrays.equals(greedy, ids(GenerationConfig.sampled(15).temperature(3))));
    }

    @Test
    void thePenaltyLowersRepeats() {
        long plain = Arrays.stream(ids(GenerationConfig.greedy(15))).distinct().count();
        long penalized = Arrays.stream(ids(GenerationConfig.greedy(15).repetitionPenalty(5)))
                .distinct()
                .count();
        assertTrue(penalized > plain, penalized + " different tokens with a penalty, " + plain + " without");
    }

    @Test
    void endsAtAStopTokenAndLeavesItOut() {
        int[] greedy = ids(GenerationConfig.greedy(6));
        int last = greedy[3];
        int first = 0;
        while (greedy[first] != last) {
            first++;
        }
        GenerationResult stopped = model.generate(
                PROMPT, GenerationConfig.greedy(6).stopAt(model.tokenizer().token(last)));
        assertEquals(GenerationResult.Stop.STOP_TOKEN, stopped.stop());
        assertArrayEquals(Arrays.copyOf(greedy, first + 1), stopped.ids());
        assertEquals(model.tokenizer().decode(Arrays.copyOf(greedy, first)), stopped.text());
    }

    @Test
    void anUnknownStopTokenIsRefused() {
        UnknownNameException error = assertThrows(
                UnknownNameException.class, () -> ids(GenerationConfig.greedy(1).stopAt("no such token")));
        assertTrue(error.getMessage().contains("no such token"), error.getMessage());
    }

    private static Generator generator(GenerationConfig settings) {
        return new Generator("tiny", model.transformer(), model.tokenizer(), settings);
    }

    @Test
    void endsWhereTheContextIsFull() {
        int context = model.config().contextLength();
        int[] prompt = new int[context - 3];
        GenerationResult full = generator(GenerationConfig.greedy(10)).continueFrom("", prompt, piece -> {});
        assertEquals(GenerationResult.Stop.CONTEXT_FULL, full.stop());
        assertEquals(3, full.ids().length);
        GenerationResult fits = generator(GenerationConfig.greedy(3)).continueFrom("", prompt, piece -> {});
        assertEquals(GenerationResult.Stop.LENGTH, fits.stop());
    }

    @Test
    void aPromptAsLongAsTheContextLeavesNoRoom() {
        int[] prompt = new int[model.config().contextLength()];
        GenerationResult none = generator(GenerationConfig.greedy(10)).continueFrom("", prompt, piece -> {});
        assertEquals(GenerationResult.Stop.CONTEXT_FULL, none.stop());
        assertEquals(0, none.ids().length);
        assertEquals(0, none.tokensPerSecond());
    }

    @Test
    void refusesWhatItCannotContinue() {
        assertMessage("25; expected at most 24 tokens", () -> model.generate(new int[25], GenerationConfig.greedy(1)));
        assertMessage("at least one token", () -> model.generate("", 1));
        assertMessage("at least one token", () -> model.generate(new int[0], GenerationConfig.greedy(1)));
        assertMessage(
                "token id is 33; expected 0 to 32", () -> model.generate(new int[] {33}, GenerationConfig.greedy(1)));
        assertMessage("token id is -1", () -> References.logits(model, new int[] {-1}));
        assertMessage("at most 24 tokens", () -> References.logits(model, new int[25]));
        assertMessage("row 1", () -> model.logits(model.manager(), new int[][] {{1, 2}, {1}}));
    }

    @Test
    void refusesSettingsThatMeanNothing() {
        assertMessage("maxTokens is 0", () -> GenerationConfig.greedy(0));
        assertMessage("temperature is -1", () -> GenerationConfig.greedy(1).temperature(-1));
        assertMessage("topK is -1", () -> GenerationConfig.greedy(1).topK(-1));
        assertMessage("topP is 0", () -> GenerationConfig.greedy(1).topP(0));
        assertMessage("topP is 1.1", () -> GenerationConfig.greedy(1).topP(1.1));
        assertMessage("repetitionPenalty is 0", () -> GenerationConfig.greedy(1).repetitionPenalty(0));
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(BadArgumentException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void streamedPiecesMakeUpTheText() {
        List<String> pieces = new ArrayList<>();
        GenerationResult text = model.generate(PROMPT, GenerationConfig.sampled(15), pieces::add);
        assertEquals(text.text(), String.join("", pieces));
        assertEquals(model.tokenizer().decode(text.ids()), text.text());
        assertNotEquals(1, pieces.size());
        assertEquals(PROMPT + text.text(), text.toString());
    }

    @Test
    void anInterruptStopsWithinATokenAndTheModelStaysUsable() {
        List<String> pieces = new ArrayList<>();
        StoppedException stopped = assertThrows(
                StoppedException.class,
                () -> model.generate(PROMPT, GenerationConfig.greedy(15), piece -> {
                    pieces.add(piece);
                    if (pieces.size() == 2) {
                        Thread.currentThread().interrupt();
                    }
                }));
        assertEquals(2, pieces.size());
        assertTrue(stopped.getMessage().contains(String.join("", pieces)), stopped.getMessage());
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(15, ids(GenerationConfig.greedy(15)).length);
    }

    /** As with Qwen's models, whose tables have some hundred rows more than their tokenizers have tokens. */
    @Test
    void anIdWithoutATokenIsWrittenAsNothing() {
        ModelConfig config = TinyModels.llama(60_000, 16, 1, 2, 1, 32, 64);
        try (PretrainedModel model = Models.random("many rows", config, Tokenizers.gpt2(), 1)) {
            List<GenerationResult> texts = new ArrayList<>(
                    model.generate(List.of("see you", "the", "at home tonight"), GenerationConfig.sampled(30)));
            texts.add(model.generate("the", GenerationConfig.sampled(30).seed(5)));
            texts.add(model.generate("the", GenerationConfig.sampled(30), piece -> {}));
            for (GenerationResult text : texts) {
                int[] known =
                        Arrays.stream(text.ids()).filter(model.tokenizer()::has).toArray();
                assertTrue(known.length > 0 && known.length < text.ids().length, Arrays.toString(text.ids()));
                assertEquals(model.tokenizer().decode(known), text.text());
            }
            int[] further = model.generate(new int[] {59_999}, GenerationConfig.sampled(30));
            assertEquals(30, further.length);
        }
    }
}
