/**
 * How much memory a process takes, on the host and on GPUs: probes, the listener that records a training run, estimates. Every
 * figure is named with what was measured and how it was counted. How to need less memory is the train room's business.
 */
package dev.lorikeet.memory;
