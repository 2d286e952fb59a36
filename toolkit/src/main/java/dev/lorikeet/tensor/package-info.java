/**
 * The only room that touches engine internals: fused operations through TorchScript, precisions, gradients, the memory
 * behind an array. Everything above it works with DJL's public types.
 */
package dev.lorikeet.tensor;
