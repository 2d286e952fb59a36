package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.DType;

/** Plain floating-point weights, of any {@link DType}; the array's own shape and type say the rest. */
public final class Dense extends WeightFormat {

    Dense() {
        super(0, "DENSE");
    }

    /**
     * The descriptor of every dense array.
     *
     * @param host a manager on the CPU
     */
    public NDArray descriptor(NDManager host) {
        return new Descriptor(this, new Shape(), 0, 0, 0).array(host);
    }

    /** Bytes in float32. */
    @Override
    public long bytes(Shape shape) {
        return shape.size() * DType.FLOAT32.bytes();
    }
}
