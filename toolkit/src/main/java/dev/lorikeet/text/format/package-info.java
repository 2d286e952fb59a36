/**
 * What files say of a tokenizer: vocabulary, special tokens, how a text is cut into words.
 */
package dev.lorikeet.text.format;
