/**
 * What a {@code tokenizer.json} may hold. The native tokenizers library ends the process where it meets what it does not expect, so
 * that it gets only files that these checks have passed. Calls {@code base}.
 */
package dev.lorikeet.text.schema;
