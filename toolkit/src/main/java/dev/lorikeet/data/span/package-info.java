/**
 * Texts with labelled parts, from tables and CoNLL files to examples.
 */
package dev.lorikeet.data.span;
