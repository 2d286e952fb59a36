package dev.lorikeet.model.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.tensor.format.QuantizedArray;
import dev.lorikeet.weights.Gguf;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** A GGUF file, whose tensors have names and sometimes an order of their own; see {@link GgufTensors}. */
record GgufSource(Gguf file, Family family) implements FileSource {

    @Override
    public boolean has(TensorSpec tensor) {
        return file.names().contains(tensor.gguf());
    }

    @Override
    public NDArray take(TensorSpec tensor, NDManager manager) {
        String name = tensor.gguf();
        if (!has(tensor)) {
            throw new BadFileException(
                    file.path(), "has no tensor \"%s\", which a %s model needs".formatted(name, family));
        }
        NDArray array = WeightSource.checked(file.readWeights(name, manager), tensor, name, file.path());
        return GgufTensors.fromFile(array, tensor);
    }

    @Override
    public Optional<QuantizedArray> quantized(TensorSpec tensor, NDManager manager) {
        if (!has(tensor) || !file.entry(tensor.gguf()).shape().equals(tensor.shape())) {
            return Optional.empty();
        }
        int heads = tensor.interleavedHeads();
        int headDim = heads == 0 ? 0 : Math.toIntExact(tensor.shape().get(0) / heads);
        IntUnaryOperator sourceRow =
                heads == 0 ? IntUnaryOperator.identity() : row -> GgufTensors.interleavedRow(row, headDim);
        return file.quantized(tensor.gguf(), sourceRow, manager);
    }

    @Override
    public Optional<Path> origin() {
        return Optional.of(file.path().toAbsolutePath());
    }
}
