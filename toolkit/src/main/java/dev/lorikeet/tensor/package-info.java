/**
 * Operations of the engine as Java methods, compute dtypes, gradients, the memory behind an array. This room alone touches engine
 * internals, in {@code tensor.engine} where it can; stored forms of weights are in {@code tensor.format}, which may call this
 * package, but not the other way round. Everything above works with DJL's public types.
 */
package dev.lorikeet.tensor;
