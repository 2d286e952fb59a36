package dev.lorikeet.model.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.tensor.format.QuantizedArray;
import java.nio.file.Path;
import java.util.Optional;

/** Gives a model's arrays, weights of projections as (out, in). */
public interface WeightSource extends AutoCloseable {

    boolean has(TensorSpec tensor);

    /** A float32 array in {@code manager}. */
    NDArray take(TensorSpec tensor, NDManager manager);

    /** The array in the quantized form in which it is stored, if it is in one that can be kept. */
    default Optional<QuantizedArray> quantized(TensorSpec tensor, NDManager manager) {
        return Optional.empty();
    }

    /** Whether each array is to be kept in the form in which it is stored, whatever is asked for: the source is a copy of a model. */
    default boolean keepsForms() {
        return false;
    }

    /** The file that the arrays come from, for messages. */
    Path path();

    /** How many arrays there are to take, for progress; about right is good enough. */
    int size();

    /** The folder or file of a whole model, with its tokenizer, that they come from; empty if there is none. */
    default Optional<Path> origin() {
        return Optional.empty();
    }

    @Override
    void close();

    /**
     * The array, if it has the shape that the model's settings give it.
     *
     * @throws BadFileException if not; the array is closed then
     */
    static NDArray checked(NDArray array, TensorSpec tensor, String name, Path file) {
        if (!array.getShape().equals(tensor.shape())) {
            array.close();
            throw new BadFileException(
                    file,
                    "\"%s\" is %s; by the model's configuration it should be %s"
                            .formatted(name, array.getShape(), tensor.shape()));
        }
        return array;
    }
}
