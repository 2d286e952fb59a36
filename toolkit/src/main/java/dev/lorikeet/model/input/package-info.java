/**
 * What goes into a model: token ids in batches, and what a pass has to know of them.
 */
package dev.lorikeet.model.input;
