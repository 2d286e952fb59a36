/**
 * What a run has recorded: its updates, evaluations and epochs, and the losses of a learning-rate test.
 */
package dev.lorikeet.train.history;
