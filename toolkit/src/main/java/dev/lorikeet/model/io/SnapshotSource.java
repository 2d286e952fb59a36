package dev.lorikeet.model.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.tensor.format.QuantizedArray;
import dev.lorikeet.weights.QuantizedFile;
import java.nio.file.Path;
import java.util.Optional;

/** What {@link ModelSnapshot} has written: dense weights in one file, quantized ones in another. */
record SnapshotSource(SafetensorsSource dense, QuantizedFile quantized) implements WeightSource {

    @Override
    public boolean has(TensorSpec tensor) {
        return quantized.has(tensor.huggingFace()) || dense.has(tensor);
    }

    @Override
    public NDArray take(TensorSpec tensor, NDManager manager) {
        return dense.take(tensor, manager);
    }

    @Override
    public boolean keepsForms() {
        return true;
    }

    @Override
    public Optional<QuantizedArray> quantized(TensorSpec tensor, NDManager manager) {
        return quantized.read(tensor.huggingFace(), tensor.shape(), manager);
    }

    @Override
    public Path path() {
        return dense.path();
    }

    @Override
    public int size() {
        return dense.size() + quantized.file().metadata().size();
    }

    @Override
    public Optional<Path> origin() {
        return dense.origin();
    }

    @Override
    public void close() {
        try (dense) {
            quantized.close();
        }
    }
}
