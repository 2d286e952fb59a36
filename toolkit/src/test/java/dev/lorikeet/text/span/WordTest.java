package dev.lorikeet.text.span;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.text.Tokenizer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words of texts in tokenizers of several kinds. */
class WordTest {

    private static List<String> words(Tokenizer tokenizer, String text) {
        return TextWords.of(text, tokenizer, 64).words().stream()
                .map(word -> text.substring(word.start(), word.end()))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-bert", "tiny-roberta", "tiny-gpt2"})
    void lettersThatStandTogetherAreAWord(String name) {
        try (PretrainedModel model = TinyModels.load(name)) {
            Tokenizer tokenizer = model.tokenizer();
            assertEquals(List.of("the", "rain", "inn", "hills"), words(tokenizer, "the rain  inn hills"));
            assertEquals(List.of("an", "inn", "."), words(tokenizer, " an inn. "));
            assertEquals(List.of(), words(tokenizer, ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-bert", "tiny-roberta"})
    void aTextThatIsCutHasTheWordsThatAreLeft(String name) {
        try (PretrainedModel model = TinyModels.load(name)) {
            TextWords whole = TextWords.of("the rain and the wind", model.tokenizer(), 64);
            TextWords cut = TextWords.of("the rain and the wind", model.tokenizer(), 4);
            assertTrue(cut.isCut() && !whole.isCut());
            assertEquals(whole.words().subList(0, cut.words().size()), cut.words());
            assertTrue(cut.words().size() < whole.words().size() && !cut.words().isEmpty());
        }
    }
}
