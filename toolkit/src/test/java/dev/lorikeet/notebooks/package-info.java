/** Runs the notebooks as a reader would, against the packaged jar. */
package dev.lorikeet.notebooks;
