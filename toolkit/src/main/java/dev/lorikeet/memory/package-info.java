/**
 * How much memory a process takes, on the host and on GPUs: probes, a listener that watches a training run, estimates. What is
 * measured is always named with the figure.
 */
package dev.lorikeet.memory;
