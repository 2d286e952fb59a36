package dev.lorikeet.tensor.format;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * How a file stores a matrix in groups: weight = scale · (value + offset) + minimum.
 *
 * @param name of the file's type, such as "Q4_K"
 * @param shape (rows, columns); columns are a multiple of the group size
 * @param groupSize weights that share a scale
 * @param bits of a value: 4, from 0 to 15, or 8, signed
 * @param hasMinimum whether groups have a minimum; it is 0 otherwise
 * @param scaleType of scales and minima, so that nothing of them is lost
 */
public record GroupLayout(
        String name, Shape shape, int groupSize, int bits, int offset, boolean hasMinimum, DataType scaleType) {

    int groups() {
        return Math.toIntExact(shape.size() / groupSize);
    }
}
