package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.lorikeet.base.BadArgumentException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        return pieces(array)
                .orElseThrow(() -> new BadArgumentException(
                        "array's memory layout", "not contiguous", "a contiguous array; inOrder makes one"));
    }

    /**
     * The array itself if its elements stand in memory in row-major order, else a copy in which they do.
     *
     * @param array on the CPU
     * @param manager owns the copy
     */
    public static NDArray inOrder(NDArray array, NDManager manager) {
        if (pieces(array).isPresent()) {
            return array;
        }
        NDArray copy = manager.create(array.getShape(), array.getDataType());
        copy.set(new NDIndex("..."), array);
        return copy;
    }

    private static Optional<List<ByteBuffer>> pieces(NDArray array) {
        BadArgumentException.unless(
                !array.getDevice().isGpu(), "array's device", array.getDevice(), "cpu(): copy it with toDevice first");
        List<ByteBuffer> pieces = new ArrayList<>();
        try (NDManager views = array.getManager().newSubManager()) {
            boolean inOrder = collect((PtNDArray) array, array.getDataType().getNumOfBytes(), views, pieces);
            return inOrder ? Optional.of(List.copyOf(pieces)) : Optional.empty();
        }
    }

    /** Cuts along the first dimension, and along the next ones where a single row is too long for one piece. */
    private static boolean collect(PtNDArray array, int elementBytes, NDManager views, List<ByteBuffer> pieces) {
        Shape shape = array.getShape();
        long bytes = shape.size() * elementBytes;
        if (bytes == 0) {
            return true;
        }
        if (bytes <= PIECE) {
            return addDirect(array, views, pieces);
        }
        long rows = shape.get(0);
        long rowBytes = bytes / rows;
        long step = Math.max(1, PIECE / rowBytes);
        boolean inOrder = true;
        for (long row = 0; inOrder && row < rows; row += step) {
            PtNDArray slice = JniUtils.slice(array, 0, row, Math.min(rows, row + step), 1);
            slice.attach(views);
            PtNDArray part = rowBytes > PIECE ? reshaped(slice, shape.slice(1), views) : slice;
            inOrder = collect(part, elementBytes, views, pieces);
        }
        return inOrder;
    }

    /**
     * The engine copies an array that is not contiguous without saying so; the copy shows as a second array in the
     * manager of the one that was asked for its buffer.
     */
    private static boolean addDirect(PtNDArray array, NDManager views, List<ByteBuffer> pieces) {
        try (NDManager watched = views.newSubManager()) {
            PtNDArray view = reshaped(array, array.getShape(), watched);
            pieces.add(view.toByteBuffer(true));
            return watched.getManagedArrays().size() == 1;
        }
    }

    private static PtNDArray reshaped(PtNDArray array, Shape shape, NDManager manager) {
        PtNDArray view = JniUtils.reshape(array, shape.getShape());
        view.attach(manager);
        return view;
    }
}
