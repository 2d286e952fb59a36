/**
 * Gradients of a run that another process steers: what a machine of a cluster computes and sends.
 */
package dev.lorikeet.train.worker;
