package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * The type in which frozen weights are kept and multiplied. The residual stream, normalisations, adapters, losses and
 * optimizer state are float32 in each.
 */
public enum Precision {
    FLOAT32(6, 4),
    FLOAT16(5, 2),
    /** DJL does not know this type: such an array must not be asked for its type, printed, or copied to Java. */
    BFLOAT16(15, 2);

    private final int scalarType;
    private final int bytes;

    Precision(int scalarType, int bytes) {
        this.scalarType = scalarType;
        this.bytes = bytes;
    }

    /** Bytes an element. */
    public int bytes() {
        return bytes;
    }

    /** The array in this type, in the same manager; a float32 array is given back as it is for {@link #FLOAT32}. */
    public NDArray cast(NDArray array) {
        if (this == FLOAT32) {
            return array;
        }
        try (NDArray type = Torch.host().create(scalarType);
                NDArray like = array.getManager().create(0f)) {
            return TorchScript.call("cast", true, new NDList(like, type), new NDList(array));
        }
    }
}
