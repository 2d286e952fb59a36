/**
 * One update: from a batch to its loss, to gradients, to AdamW.
 */
package dev.lorikeet.train.step;
