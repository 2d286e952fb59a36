/**
 * Texts that have a number each.
 */
package dev.lorikeet.data.number;
