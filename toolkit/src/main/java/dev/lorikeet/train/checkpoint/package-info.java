/**
 * Checkpoints of a run: how often, where, and their files.
 */
package dev.lorikeet.train.checkpoint;
