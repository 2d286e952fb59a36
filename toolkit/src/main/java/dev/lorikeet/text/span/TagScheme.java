package dev.lorikeet.text.span;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Tags of words that say where spans are: "B-place" for the first word of a place, "I-place" for each further one, "O" for words in no
 * span. "E-" or "L-" for a last word and "S-" or "U-" for a single one are read and written where the tags have them. A tag without
 * such a letter is the label of a word by itself, and of its neighbours with the same tag.
 *
 * @param tags in the order of the classes
 */
public record TagScheme(List<String> tags) {

    /** The tag of a word in no span. */
    public static final String OUTSIDE = "O";

    /** What a word without a tag has, where there is no tag for words in no span. */
    public static final int NONE = -1;

    private static final String FIRST = "BSU";
    private static final String INNER = "IEL";
    private static final String ONLY = "SU";
    private static final String LAST = "EL";

    public TagScheme {
        tags = List.copyOf(tags);
    }

    /**
     * The tags of some kinds of spans: "O", and for each kind one of the first word and one of the others.
     *
     * @throws BadArgumentException if there is none, or one is blank or comes twice
     */
    public static TagScheme of(Collection<String> kinds) {
        BadArgumentException.unless(!kinds.isEmpty(), "kinds of spans", kinds, "at least one, such as \"place\"");
        Set<String> tags = new LinkedHashSet<>(List.of(OUTSIDE));
        for (String kind : kinds) {
            BadArgumentException.unless(kind != null && !kind.isBlank(), "kind of span", kind, "a name");
            BadArgumentException.unless(
                    tags.add("B-" + kind) && tags.add("I-" + kind), "kinds of spans", kinds, "each of them once");
        }
        return new TagScheme(List.copyOf(tags));
    }

    /** The kinds of spans, in the order of their tags. */
    public List<String> kinds() {
        return tags.stream()
                .filter(tag -> !tag.equals(OUTSIDE))
                .map(TagScheme::kind)
                .distinct()
                .toList();
    }

    private static boolean hasLetter(String tag) {
        return tag.length() > 2 && tag.charAt(1) == '-' && (FIRST + INNER).indexOf(tag.charAt(0)) >= 0;
    }

    private static String kind(String tag) {
        return hasLetter(tag) ? tag.substring(2) : tag;
    }

    /**
     * The tag of each word, {@value #NONE} where there is none for it. A span that begins or ends within a word takes the whole of it; of
     * spans that overlap, the first one counts.
     *
     * @throws UnknownNameException if a span is of another kind
     */
    public int[] tags(List<Word> words, List<Span> spans) {
        List<String> kinds = kinds();
        int[] found = new int[words.size()];
        Arrays.fill(found, tags.indexOf(OUTSIDE));
        boolean[] taken = new boolean[found.length];
        for (Span span : spans) {
            if (!kinds.contains(span.label())) {
                throw new UnknownNameException("kind of span", span.label(), kinds);
            }
            int[] own = IntStream.range(0, found.length)
                    .filter(word -> !taken[word] && words.get(word).overlaps(span))
                    .toArray();
            for (int i = 0; i < own.length; i++) {
                taken[own[i]] = true;
                found[own[i]] = tag(span.label(), i == 0, i == own.length - 1);
            }
        }
        return found;
    }

    private int tag(String kind, boolean first, boolean last) {
        String letters = (first && last ? ONLY : "") + (last && !first ? LAST : "") + (first ? "BI" : "IB");
        for (char letter : letters.toCharArray()) {
            int at = tags.indexOf(letter + "-" + kind);
            if (at >= 0) {
                return at;
            }
        }
        int plain = tags.indexOf(kind);
        return plain >= 0
                ? plain
                : IntStream.range(0, tags.size())
                        .filter(at -> kind(tags.get(at)).equals(kind))
                        .findFirst()
                        .orElseThrow();
    }

    /**
     * The spans that tags of words say. One for a further word begins a span where none of its kind stands before it.
     *
     * @param found of each word; {@value #NONE} for a word in no span
     * @param probabilities of the tags; a span has their mean
     */
    public List<Span> spans(List<Word> words, int[] found, double[] probabilities) {
        List<Span> spans = new ArrayList<>();
        int from = 0;
        while (from < found.length) {
            if (isOutside(found[from])) {
                from++;
                continue;
            }
            int to = from + 1;
            while (to < found.length && continues(found[to - 1], found[to])) {
                to++;
            }
            double mean = IntStream.range(from, to)
                    .mapToDouble(word -> probabilities[word])
                    .average()
                    .orElseThrow();
            spans.add(new Span(words.get(from).start(), words.get(to - 1).end(), kind(tags.get(found[from])), mean));
            from = to;
        }
        return spans;
    }

    private boolean isOutside(int tag) {
        return tag == NONE || tags.get(tag).equals(OUTSIDE);
    }

    private boolean continues(int before, int tag) {
        if (isOutside(tag) || !kind(tags.get(before)).equals(kind(tags.get(tag)))) {
            return false;
        }
        boolean ended = hasLetter(tags.get(before))
                && (ONLY + LAST).indexOf(tags.get(before).charAt(0)) >= 0;
        return !ended
                && (!hasLetter(tags.get(tag)) || INNER.indexOf(tags.get(tag).charAt(0)) >= 0);
    }
}
