package dev.lorikeet.spark;

/**
 * How the micro-batches of an update become tasks.
 *
 * @param tasks at most; 0: one for each micro-batch
 * @param sums whether a task adds up its gradients
 */
record Grouping(int tasks, boolean sums) {}
