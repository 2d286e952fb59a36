/**
 * SentencePiece's models: the file, merging pairs, and the most probable pieces.
 */
package dev.lorikeet.text.sentencepiece;
