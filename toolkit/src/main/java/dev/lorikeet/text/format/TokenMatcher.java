package dev.lorikeet.text.format;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Finds some tokens in texts, at each place the longest. A vocabulary may have thousands of them. */
public final class TokenMatcher {

    /** A token that was found, and its place. */
    public record Match(int start, int end, String token) {}

    private final Collection<String> tokens;

    /** The lengths of the tokens that begin with a character, the longest first. */
    private final Map<Character, List<Integer>> lengths = new HashMap<>();

    /** @param tokens none of them empty; of a collection that answers {@code contains} fast */
    public TokenMatcher(Collection<String> tokens) {
        this.tokens = tokens;
        Map<Character, TreeSet<Integer>> sorted = new HashMap<>();
        for (String token : tokens) {
            sorted.computeIfAbsent(token.charAt(0), first -> new TreeSet<>(Comparator.reverseOrder()))
                    .add(token.length());
        }
        sorted.forEach((first, all) -> lengths.put(first, new ArrayList<>(all)));
    }

    /** The first token at or after a place; null for none. */
    public Match next(String text, int from) {
        for (int at = from; at < text.length() && !lengths.isEmpty(); at++) {
            for (int length : lengths.getOrDefault(text.charAt(at), List.of())) {
                if (at + length <= text.length() && tokens.contains(text.substring(at, at + length))) {
                    return new Match(at, at + length, text.substring(at, at + length));
                }
            }
        }
        return null;
    }
}
