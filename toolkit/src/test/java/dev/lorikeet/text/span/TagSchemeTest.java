package dev.lorikeet.text.span;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TagSchemeTest {

    private static final TagScheme PLACES = TagScheme.of(List.of("place", "day"));

    /** Words of one letter and no space between them, each a token. */
    private static List<Word> words(int count) {
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(new Word(i, 2 * i, 2 * i + 1));
        }
        return words;
    }

    private static List<Span> spans(TagScheme scheme, String... tags) {
        int[] found = Arrays.stream(tags).mapToInt(scheme.tags()::indexOf).toArray();
        double[] sure = new double[tags.length];
        Arrays.fill(sure, 1);
        return scheme.spans(words(tags.length), found, sure);
    }

    private static List<String> tags(TagScheme scheme, int words, Span... spans) {
        return Arrays.stream(scheme.tags(words(words), List.of(spans)))
                .mapToObj(tag -> tag == TagScheme.NONE ? "none" : scheme.tags().get(tag))
                .toList();
    }

    @Test
    void kindsGetTwoTagsEach() {
        assertEquals(List.of("O", "B-place", "I-place", "B-day", "I-day"), PLACES.tags());
        assertEquals(List.of("place", "day"), PLACES.kinds());
        assertThrows(BadArgumentException.class, () -> TagScheme.of(List.of("place", "place")));
        assertThrows(BadArgumentException.class, () -> TagScheme.of(List.of(" ")));
        assertThrows(BadArgumentException.class, () -> TagScheme.of(List.of()));
    }

    @Test
    void spansBecomeTagsAndTagsSpans() {
        Span place = new Span(2, 7, "place");
        Span day = new Span(8, 9, "day");
        assertEquals(List.of("O", "B-place", "I-place", "I-place", "B-day", "O"), tags(PLACES, 6, day, place));
        assertEquals(List.of(place, day), spans(PLACES, "O", "B-place", "I-place", "I-place", "B-day", "O"));
        assertEquals(
                List.of(new Span(0, 1, "place"), new Span(2, 3, "place")), spans(PLACES, "B-place", "B-place", "O"));
    }

    @Test
    void aTagOfAFurtherWordMayBeginASpan() {
        assertEquals(List.of(new Span(0, 3, "place")), spans(PLACES, "I-place", "I-place"));
        assertEquals(List.of(new Span(0, 1, "place"), new Span(2, 3, "day")), spans(PLACES, "B-place", "I-day"));
    }

    @Test
    void aSpanTakesWholeWordsAndTheFirstOfTwoCounts() {
        List<Word> words = List.of(new Word(0, 0, 7), new Word(1, 8, 11));
        int[] found = PLACES.tags(words, List.of(new Span(3, 9, "place"), new Span(8, 11, "day")));
        assertArrayEquals(new int[] {1, 2}, found);
    }

    @Test
    void anUnknownKindIsNamed() {
        String message = assertThrows(
                        UnknownNameException.class, () -> PLACES.tags(words(1), List.of(new Span(0, 1, "plase"))))
                .getMessage();
        assertTrue(message.contains("plase") && message.contains("place"), message);
    }

    @Test
    void otherLettersAreReadAndWritten() {
        TagScheme letters = new TagScheme(List.of("O", "B-x", "I-x", "E-x", "S-x"));
        assertEquals(List.of("S-x", "B-x", "I-x", "E-x"), tags(letters, 4, new Span(0, 1, "x"), new Span(2, 7, "x")));
        assertEquals(
                List.of(new Span(0, 1, "x"), new Span(2, 5, "x"), new Span(6, 7, "x")),
                spans(letters, "S-x", "B-x", "E-x", "I-x"));
    }

    @Test
    void tagsWithoutLettersAreLabelsOfWords() {
        TagScheme speech = new TagScheme(List.of("NOUN", "VERB"));
        assertEquals(List.of("none", "NOUN", "none"), tags(speech, 3, new Span(2, 3, "NOUN")));
        assertEquals(List.of(new Span(0, 3, "NOUN"), new Span(4, 5, "VERB")), spans(speech, "NOUN", "NOUN", "VERB"));
    }

    @Test
    void aSpanHasTheMeanProbability() {
        List<Span> spans = PLACES.spans(words(2), new int[] {1, 2}, new double[] {1, 0.5});
        assertEquals(0.75, spans.get(0).probability(), 1e-12);
    }
}
