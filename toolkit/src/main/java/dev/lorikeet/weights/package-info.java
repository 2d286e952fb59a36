/**
 * Weights on disk: safetensors and GGUF, read and written. Files are read at positions straight into the tensors'
 * memory; what a model makes of the tensors is not this room's business.
 */
package dev.lorikeet.weights;
