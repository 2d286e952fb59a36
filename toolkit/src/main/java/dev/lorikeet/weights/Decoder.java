package dev.lorikeet.weights;

/** Turns stored weights into those in memory, all of which take 32 bits. Called from several threads, on whole blocks. */
@FunctionalInterface
interface Decoder {

    /**
     * @param stored the bytes of {@code blocks} blocks, little-endian
     * @param bits takes the bit patterns of their weights
     */
    void decode(byte[] stored, int blocks, int[] bits);
}
