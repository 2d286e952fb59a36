/**
 * What a family of models is described with: its settings in config.json and GGUF, and the names of its parts in files.
 */
package dev.lorikeet.model.spec;
