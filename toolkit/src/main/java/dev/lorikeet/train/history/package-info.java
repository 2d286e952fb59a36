/**
 * What a run has recorded: its updates, evaluations and epochs.
 */
package dev.lorikeet.train.history;
