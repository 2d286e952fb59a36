/**
 * Tablesaw tables to splits, to tokenised examples, to batches; and the catalogue of public data sets. Batches are plain Java
 * arrays, not tensors.
 */
package dev.lorikeet.data;
