package dev.lorikeet.weights;

import java.nio.ByteBuffer;

/** Turns stored weights into those in memory. Called from several threads, on whole blocks. */
@FunctionalInterface
interface Decoder {

    /**
     * @param stored whole blocks, little-endian, from 0 to the capacity
     * @param memory room for exactly their weights, in native order, from 0 to the capacity
     */
    void decode(ByteBuffer stored, ByteBuffer memory);
}
