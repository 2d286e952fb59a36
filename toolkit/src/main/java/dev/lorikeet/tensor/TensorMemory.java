package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.lorikeet.base.BadArgumentException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a tensor, without a copy. */
public final class TensorMemory {

    /** A buffer's length is an int; a power of two below that keeps every piece a whole number of elements. */
    static final long PIECE = 1L << 30;

    private TensorMemory() {}

    /**
     * Views of an array's own memory in row-major order: writing to them writes to the array. They are valid while the
     * array is open.
     *
     * @param array contiguous, on the CPU, of any type but bfloat16
     * @return buffers in native byte order, at most 1 GiB each; none for an empty array
     * @throws BadArgumentException if the array is on another device or is not contiguous
     */
    public static List<ByteBuffer> bytes(NDArray array) {
        BadArgumentException.unless(
                !array.getDevice().isGpu(), "array's device", array.getDevice(), "cpu(): copy it with toDevice first");
        List<ByteBuffer> pieces = new ArrayList<>();
        try (NDManager views = array.getManager().newSubManager()) {
            collect((PtNDArray) array, array.getDataType().getNumOfBytes(), views, pieces);
        }
        return List.copyOf(pieces);
    }

    /** Cuts along the first dimension, and along the next ones where a single row is too long for one piece. */
    private static void collect(PtNDArray array, int elementBytes, NDManager views, List<ByteBuffer> pieces) {
        Shape shape = array.getShape();
        long bytes = shape.size() * elementBytes;
        if (bytes == 0) {
            return;
        }
        if (bytes <= PIECE) {
            pieces.add(direct(array, views));
            return;
        }
        long rows = shape.get(0);
        long rowBytes = bytes / rows;
        long step = Math.max(1, PIECE / rowBytes);
        for (long row = 0; row < rows; row += step) {
            PtNDArray slice = JniUtils.slice(array, 0, row, Math.min(rows, row + step), 1);
            slice.attach(views);
            collect(rowBytes > PIECE ? reshaped(slice, shape.slice(1), views) : slice, elementBytes, views, pieces);
        }
    }

    /**
     * The engine copies an array that is not contiguous without saying so; the copy shows as a second array in the
     * manager of the one that was asked for its buffer.
     */
    private static ByteBuffer direct(PtNDArray array, NDManager views) {
        try (NDManager watched = views.newSubManager()) {
            PtNDArray view = reshaped(array, array.getShape(), watched);
            ByteBuffer buffer = view.toByteBuffer(true);
            BadArgumentException.unless(
                    watched.getManagedArrays().size() == 1,
                    "array's memory layout",
                    "not contiguous",
                    "a contiguous array, such as a copy made by concatenation or a matrix product makes");
            return buffer;
        }
    }

    private static PtNDArray reshaped(PtNDArray array, Shape shape, NDManager manager) {
        PtNDArray view = JniUtils.reshape(array, shape.getShape());
        view.attach(manager);
        return view;
    }
}
