/**
 * From text to token ids and back, and from conversations to text, the same as the Python side gives. Calls {@code base} and
 * {@code weights}.
 */
package dev.lorikeet.text;
