package dev.lorikeet.weights;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.weights.codec.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Several safetensors files and their index. A tensor that the index leaves out is there all the same, as for Hugging Face's
 * tools.
 */
final class ShardedSafetensors extends ShardedFile<Safetensors> {

    private final Path index;

    private ShardedSafetensors(Path index) {
        this.index = index;
    }

    /**
     * Opens an index and all of its files.
     *
     * @throws BadFileException if the index or one of its files is missing or damaged, or they do not hold the tensors that
     *     the index says, each in one file
     */
    static ShardedSafetensors open(Path path) {
        ShardIndex index = ShardIndex.read(path);
        ShardedSafetensors all = new ShardedSafetensors(path);
        try {
            TensorReader reader = new TensorReader(TensorType.SAFETENSORS);
            Map<String, Safetensors> byName = new LinkedHashMap<>();
            for (String name : index.files()) {
                Safetensors shard = all.openShard(name, reader);
                byName.put(name, shard);
                all.add(shard);
            }
            index.places().forEach((tensor, name) -> all.check(tensor, byName.get(name)));
            return all;
        } catch (RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    private Safetensors openShard(String name, TensorReader reader) {
        Path file = index.resolveSibling(name);
        if (!Files.exists(file)) {
            throw new BadFileException(file, "is missing; " + index.getFileName() + " says that it holds tensors");
        }
        return Safetensors.open(file, reader);
    }

    private void check(String tensor, Safetensors shard) {
        if (!shard.names().contains(tensor)) {
            throw new BadFileException(
                    shard.path(),
                    "has no tensor \"%s\", which it should have by %s".formatted(tensor, index.getFileName()));
        }
    }

    /** The index. */
    @Override
    public Path path() {
        return index;
    }
}
