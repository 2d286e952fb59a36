/**
 * Labelled texts that are read while a training goes on, as they may be more than fit into memory.
 */
package dev.lorikeet.data.stream;
