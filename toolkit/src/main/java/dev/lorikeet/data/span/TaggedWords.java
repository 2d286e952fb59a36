package dev.lorikeet.data.span;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.text.span.Span;
import dev.lorikeet.text.span.TagScheme;
import dev.lorikeet.text.span.Tagged;
import dev.lorikeet.text.span.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Words with a tag each, as data sets of words have them. */
record TaggedWords(List<String> words, List<String> tags) {

    /** @param where they stand, for messages */
    static TaggedWords of(List<String> words, List<String> tags, String where) {
        BadArgumentException.unless(
                words.size() == tags.size(),
                "tags of " + where,
                tags,
                "as many as there are words, %d".formatted(words.size()));
        return new TaggedWords(words, tags);
    }

    /** The text of the words with a space between them, and the spans that the tags say. */
    Tagged tagged() {
        List<String> classes = tags.stream().distinct().toList();
        List<Word> places = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < words.size(); i++) {
            places.add(new Word(i, at, at + words.get(i).length()));
            at += words.get(i).length() + 1;
        }
        double[] sure = new double[words.size()];
        Arrays.fill(sure, 1);
        int[] found = tags.stream().mapToInt(classes::indexOf).toArray();
        List<Span> spans = new TagScheme(classes).spans(places, found, sure);
        return new Tagged(String.join(" ", words), spans);
    }
}
