/**
 * Tables and trees of a model, and counts of its parameters.
 */
package dev.lorikeet.model.summary;
