package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDManager;

/** Takes the groups of a matrix in a file and stores them in a {@link WeightFormat}. */
public interface GroupPacker {

    /**
     * Stores a group. Several threads may store groups of different rows at a time.
     *
     * @param group its number, row by row
     * @param values as many as a group has, from the array's begin
     */
    void put(int group, int[] values, float scale, float minimum);

    /**
     * The matrix, after all groups have been put.
     *
     * @param manager owns it, on its device
     */
    QuantizedArray array(NDManager manager);
}
