/**
 * Tokenised texts: what of them is learned, what is cut, and how a preview shows it.
 */
package dev.lorikeet.data.token;
