/** From text to token ids and back, the same ids as the Python side gives. Calls {@code base} and {@code weights}. */
package dev.lorikeet.text;
