/**
 * Weights on disk: safetensors, read and written, and GGUF, read. Files are read at positions straight into the tensors'
 * memory; what a model makes of the tensors is not this room's business.
 */
package dev.lorikeet.weights;
