/**
 * Pairs of texts that belong together, in batches.
 */
package dev.lorikeet.data.pair;
