/** The training step and the loop around it: loss, AdamW, clipping, schedules, evaluation, checkpoints, history. */
package dev.lorikeet.train;
