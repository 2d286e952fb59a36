package dev.lorikeet.model.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.Optional;

/** A safetensors checkpoint under Hugging Face's names. */
public record SafetensorsSource(TensorFile file, Family family) implements FileSource {

    @Override
    public boolean has(TensorSpec tensor) {
        return file.names().contains(stored(tensor));
    }

    @Override
    public NDArray take(TensorSpec tensor, NDManager manager) {
        String name = tensor.huggingFace();
        if (!has(tensor)) {
            throw new BadFileException(
                    file.path(), "has no tensor \"%s\", which a %s model needs".formatted(name, family));
        }
        NDArray array = file.readWeights(stored(tensor), manager);
        if (tensor.isTransposed() && array.getShape().dimension() == 2) {
            try (NDArray before = array) {
                array = Ops.transposed(before);
            }
        }
        return WeightSource.checked(array, tensor, name, file.path());
    }

    /** Some of the hub's own files leave out the first part of the name. */
    private String stored(TensorSpec tensor) {
        String name = tensor.huggingFace();
        String prefix = family.optionalPrefix();
        boolean shortened =
                !prefix.isEmpty() && name.startsWith(prefix) && !file.names().contains(name);
        return shortened ? name.substring(prefix.length()) : name;
    }

    @Override
    public Optional<Path> origin() {
        return Optional.of(file.path().toAbsolutePath().getParent());
    }
}
