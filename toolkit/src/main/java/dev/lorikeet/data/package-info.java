/**
 * From Tablesaw tables to splits, to tokenised examples, to batches; and the catalogue of public data sets. Plain Java
 * arrays come out: what a tensor is, the rooms above know.
 */
package dev.lorikeet.data;
