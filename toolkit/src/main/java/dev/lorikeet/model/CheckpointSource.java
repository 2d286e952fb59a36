package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A safetensors checkpoint under Hugging Face's names. */
record CheckpointSource(TensorFile file, Config config) implements Source {

    private static final String GPT2_PREFIX = "transformer.";

    /** GPT-2's projections are stored as (in, out). */
    private static final Set<String> TRANSPOSED = Set.of("c_attn.weight", "c_proj.weight", "c_fc.weight");

    @Override
    public boolean has(String name) {
        return file.names().contains(stored(name));
    }

    @Override
    public NDArray take(String name, NDManager manager) {
        if (!has(name)) {
            throw new BadFileException(
                    file.path(), "has no tensor \"%s\", which a %s model needs".formatted(name, config.architecture()));
        }
        NDArray array = file.read(stored(name), manager);
        if (array.getShape().dimension() == 2 && isTransposed(name, config)) {
            NDArray transposed = Ops.transposed(array);
            array.close();
            return Shapes.checked(transposed, config, name, file.path());
        }
        return Shapes.checked(array, config, name, file.path());
    }

    /** Whether the file has the tensor of this name the other way round than the model. */
    static boolean isTransposed(String name, Config config) {
        return config.architecture() == Config.Architecture.GPT2
                && TRANSPOSED.stream().anyMatch(name::endsWith);
    }

    /** The hub's own GPT-2 files leave out the first part of the name. */
    private String stored(String name) {
        boolean shortened = name.startsWith(GPT2_PREFIX) && !file.names().contains(name);
        return shortened ? name.substring(GPT2_PREFIX.length()) : name;
    }

    @Override
    public int size() {
        return file.names().size();
    }

    @Override
    public Optional<Path> origin() {
        return Optional.of(file.path().toAbsolutePath().getParent());
    }

    @Override
    public void close() {
        file.close();
    }
}
