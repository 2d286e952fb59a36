package dev.lorikeet.weights.codec;

/** Turns float32 values into stored ones; the inverse of a {@link Decoder}. Called from several threads, on whole blocks. */
@FunctionalInterface
public interface Encoder {

    /**
     * Encodes whole blocks.
     *
     * @param bits the bit patterns of the values of {@code blocks} blocks
     * @param stored takes their bytes, little-endian
     */
    void encode(int[] bits, int blocks, byte[] stored);
}
