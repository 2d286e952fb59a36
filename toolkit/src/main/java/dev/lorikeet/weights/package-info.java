/**
 * Weights on disk: safetensors and GGUF, read and written, whole or in several files. Files are read at positions straight into the
 * tensors' memory. Names and meanings of tensors belong to the model room; how bytes encode values, to weights.codec.
 */
package dev.lorikeet.weights;
