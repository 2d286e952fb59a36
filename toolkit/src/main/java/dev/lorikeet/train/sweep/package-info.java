/**
 * Trainings of one model with several settings, and how they compare.
 */
package dev.lorikeet.train.sweep;
