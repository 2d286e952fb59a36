/**
 * The stored forms of a weight, one class each, in {@link dev.lorikeet.tensor.format.WeightFormats}; quantized matrices in them.
 * A new form is a class here, a line in that registry, and a constant and a branch in {@code script/}.
 */
package dev.lorikeet.tensor.format;
