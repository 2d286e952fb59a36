/** What every room needs: typed errors, progress, cancellation, whole-file writes. Calls no other room. */
package dev.lorikeet.base;
