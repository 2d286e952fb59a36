/**
 * Vectors of texts: their making, and the search among them.
 */
package dev.lorikeet.model.embed;
