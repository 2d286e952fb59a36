package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.tensor.format.QuantizedArray;
import java.nio.file.Path;
import java.util.Optional;

/** Where a model's arrays come from. Names are Hugging Face's; weights of projections are (out, in). */
interface Source extends AutoCloseable {

    boolean has(String name);

    /** A float32 array in {@code manager}. */
    NDArray take(String name, NDManager manager);

    /** The array in the quantised form in which it is stored, if it is in one that can be kept. */
    default Optional<QuantizedArray> quantized(String name, NDManager manager) {
        return Optional.empty();
    }

    /** How many arrays there are to take, for progress; about right is good enough. */
    int size();

    /** The folder or file of a whole model, with its tokenizer, that they come from; empty if there is none. */
    default Optional<Path> origin() {
        return Optional.empty();
    }

    @Override
    void close();
}
