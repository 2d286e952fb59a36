package dev.lorikeet.model.input;

/**
 * The tokens of a text, or of two in a row.
 *
 * @param tokenTypes [tokens] which of two texts each belongs to; null of one text
 */
public record TextRow(int[] ids, int[] tokenTypes) {}
