package dev.lorikeet.tensor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;

/**
 * Arrays as the engine takes a list of them, put together once for many calls: for a thousand of them that takes longer than some
 * calls do. It keeps their memory until it is closed, also of arrays that are closed before.
 */
public final class TensorList implements AutoCloseable {

    private final IValue value;

    private TensorList(IValue value) {
        this.value = value;
    }

    public static TensorList of(NDList arrays) {
        return new TensorList(
                IValue.listFrom(arrays.stream().map(TensorList::tensor).toArray(PtNDArray[]::new)));
    }

    private static PtNDArray tensor(NDArray array) {
        return (PtNDArray) array;
    }

    IValue value() {
        return value;
    }

    @Override
    public void close() {
        value.close();
    }
}
