/**
 * Models on their way from and into files: folders of Hugging Face, GGUF, invented weights, and the hub.
 */
package dev.lorikeet.model.io;
