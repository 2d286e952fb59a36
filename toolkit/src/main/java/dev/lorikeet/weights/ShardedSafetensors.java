package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Safetensors files that an index holds together, as one. All headers are read when it is opened; a tensor's place is that
 * in its own file. A tensor that the index leaves out is there all the same, as for Hugging Face's tools.
 */
final class ShardedSafetensors implements TensorFile {

    private final Path path;
    private final Map<String, Safetensors> shards = new LinkedHashMap<>();
    private final Map<String, Safetensors> places = new LinkedHashMap<>();

    private ShardedSafetensors(Path path) {
        this.path = path;
    }

    /**
     * @throws BadFileException if the index or one of its files is missing or damaged, or they do not hold the tensors that
     *     the index says, each in one file
     */
    static ShardedSafetensors open(Path path) {
        ShardIndex index = ShardIndex.read(path);
        ShardedSafetensors all = new ShardedSafetensors(path);
        try {
            index.files().forEach(all::openShard);
            index.places().forEach(all::check);
            return all;
        } catch (RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    private void openShard(String name) {
        Path file = path.resolveSibling(name);
        if (!Files.exists(file)) {
            throw new BadFileException(file, "is missing; " + path.getFileName() + " says that it holds tensors");
        }
        Safetensors shard = Safetensors.open(file);
        shards.put(name, shard);
        for (String tensor : shard.names()) {
            Safetensors other = places.put(tensor, shard);
            if (other != null) {
                throw new BadFileException(
                        file,
                        "holds tensor \"%s\", which %s holds too"
                                .formatted(tensor, other.path().getFileName()));
            }
        }
    }

    private void check(String tensor, String name) {
        if (!shards.get(name).names().contains(tensor)) {
            throw new BadFileException(
                    path.resolveSibling(name),
                    "has no tensor \"%s\", which it should have by %s".formatted(tensor, path.getFileName()));
        }
    }

    @Override
    public Path path() {
        return path;
    }

    /** That of the first file. */
    @Override
    public Map<String, Object> metadata() {
        return shards.values().iterator().next().metadata();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(places.keySet());
    }

    @Override
    public Entry entry(String name) {
        return shard(name).entry(name);
    }

    @Override
    public NDArray read(String name, NDManager manager) {
        return shard(name).read(name, manager);
    }

    private Safetensors shard(String tensor) {
        Safetensors shard = places.get(tensor);
        if (shard == null) {
            throw new UnknownNameException("tensor in " + path, tensor, names());
        }
        return shard;
    }

    @Override
    public void close() {
        shards.values().forEach(Safetensors::close);
    }
}
