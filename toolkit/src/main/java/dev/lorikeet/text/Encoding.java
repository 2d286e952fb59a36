package dev.lorikeet.text;

/**
 * The tokens of a text and their places in it.
 *
 * @param ids as {@link Tokenizer#encode} gives them
 * @param ends [tokens], where in the text (in Java's characters) each token ends; the bytes of a character that takes several
 *     tokens may end where it ends
 */
public record Encoding(int[] ids, int[] ends) {}
