/**
 * Spans of texts: parts that have a label, such as names of places, and the tags of words that say the same.
 */
package dev.lorikeet.text.span;
