/**
 * How the two file formats store a tensor's values: types, block layouts, and what decodes and encodes them. Everything here
 * works on bytes in memory and knows no file. A new stored type is one constant in {@link
 * dev.lorikeet.weights.codec.TensorType} and, if it is quantized, one {@link dev.lorikeet.weights.codec.BlockLayout}.
 */
package dev.lorikeet.weights.codec;
