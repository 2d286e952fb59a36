package dev.lorikeet.weights;

/** The way back from a {@link Decoder}: float32 weights to stored ones. Called from several threads, on whole blocks. */
@FunctionalInterface
interface Encoder {

    /**
     * @param bits the bit patterns of the weights of {@code blocks} blocks
     * @param stored takes their bytes, little-endian
     */
    void encode(int[] bits, int blocks, byte[] stored);
}
