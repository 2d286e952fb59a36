package dev.lorikeet.model.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.spec.TensorSpec;

/**
 * Puts arrays in the order that GGUF files have, and back. Where llama.cpp rotates neighbouring pairs, the rows of a head's queries and
 * keys stand in pairs, while the model rotates the halves of each head. Some files hold 1 + weight of norms.
 */
public final class GgufTensors {

    private GgufTensors() {}

    /**
     * Gives an array as a GGUF file holds it.
     *
     * @param array (rows) or (rows, columns); closed if another one is given
     */
    public static NDArray toFile(NDArray array, TensorSpec tensor) {
        // (head, 2, pair) becomes (head, pair, 2).
        return tensor.interleavedHeads() > 0
                ? swapped(array, tensor.interleavedHeads(), 2, rowsOfHead(array, tensor) / 2)
                : shifted(array, tensor.ggufShift());
    }

    /** Gives an array as the model computes with it; the one from the file is closed if another one is given. */
    static NDArray fromFile(NDArray array, TensorSpec tensor) {
        return tensor.interleavedHeads() > 0
                ? swapped(array, tensor.interleavedHeads(), rowsOfHead(array, tensor) / 2, 2)
                : shifted(array, -tensor.ggufShift());
    }

    private static long rowsOfHead(NDArray array, TensorSpec tensor) {
        return array.getShape().get(0) / tensor.interleavedHeads();
    }

    private static NDArray swapped(NDArray array, long heads, long first, long second) {
        Shape shape = array.getShape();
        try (array;
                NDArray split = array.reshape(heads, first, second, shape.size() / shape.get(0));
                NDArray turned = split.swapAxes(1, 2)) {
            return turned.reshape(shape);
        }
    }

    private static NDArray shifted(NDArray array, float by) {
        if (by == 0) {
            return array;
        }
        try (array) {
            return array.add(by);
        }
    }

    /** The row of a file where the row of the model stands. */
    static int interleavedRow(int row, int headDim) {
        int inHead = row % headDim;
        int half = headDim / 2;
        return row - inHead + 2 * (inHead % half) + inHead / half;
    }
}
