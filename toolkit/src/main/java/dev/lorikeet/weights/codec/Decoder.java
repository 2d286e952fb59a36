package dev.lorikeet.weights.codec;

/** Turns stored values into 32-bit ones in memory. Called from several threads, on whole blocks. */
@FunctionalInterface
public interface Decoder {

    /**
     * Decodes whole blocks.
     *
     * @param stored the bytes of {@code blocks} blocks, little-endian
     * @param bits takes the bit patterns of the values
     */
    void decode(byte[] stored, int blocks, int[] bits);
}
