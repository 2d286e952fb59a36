package dev.lorikeet.text;

import java.util.List;

/**
 * A conversation as a model reads it.
 *
 * @param answers the parts that the assistant is to write, in order: each answer and what ends it
 */
public record RenderedChat(String text, List<Part> answers) {

    /**
     * A part of a text.
     *
     * @param start its first character
     * @param end after its last
     */
    public record Part(int start, int end) {}

    /** A conversation of which all is to be written. */
    public static RenderedChat whole(String text) {
        return new RenderedChat(text, List.of(new Part(-1, text.length())));
    }

    /** Marks the tokens that lie in the answers, those that reach into one from before it too. */
    public boolean[] inAnswers(Encoding encoding) {
        boolean[] inside = new boolean[encoding.ends().length];
        for (int i = 0; i < inside.length; i++) {
            int end = encoding.ends()[i];
            inside[i] = answers.stream().anyMatch(part -> end > part.start() && end <= part.end());
        }
        return inside;
    }
}
