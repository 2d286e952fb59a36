package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Files of one model, read as one. All headers are read when it is opened; a tensor's offset is that in its own file. */
abstract class ShardedFile<F extends TensorFile> implements TensorFile {

    private final List<F> shards = new ArrayList<>();
    private final Map<String, F> shardOfTensor = new LinkedHashMap<>();

    /**
     * Takes in a file, which {@link #close} closes from then on.
     *
     * @throws BadFileException if it holds a tensor that another file holds too
     */
    final void add(F shard) {
        shards.add(shard);
        for (String tensor : shard.names()) {
            F other = shardOfTensor.put(tensor, shard);
            if (other != null) {
                throw new BadFileException(
                        shard.path(),
                        "holds tensor \"%s\", which %s holds too"
                                .formatted(tensor, other.path().getFileName()));
            }
        }
    }

    /** The files, in their order. */
    final List<F> shards() {
        return Collections.unmodifiableList(shards);
    }

    /** The file that holds a tensor. */
    final F shard(String tensor) {
        F shard = shardOfTensor.get(tensor);
        if (shard == null) {
            throw new UnknownNameException("tensor in " + path(), tensor, names());
        }
        return shard;
    }

    /** The first file's path. */
    @Override
    public Path path() {
        return shards.get(0).path();
    }

    /** The first file's metadata. */
    @Override
    public Map<String, Object> metadata() {
        return shards.get(0).metadata();
    }

    @Override
    public final Set<String> names() {
        return Collections.unmodifiableSet(shardOfTensor.keySet());
    }

    @Override
    public final TensorInfo entry(String name) {
        return shard(name).entry(name);
    }

    @Override
    public final NDArray read(String name, NDManager manager) {
        return shard(name).read(name, manager);
    }

    @Override
    public final NDArray readWeights(String name, NDManager manager) {
        return shard(name).readWeights(name, manager);
    }

    @Override
    public final void readStored(String name, long from, ByteBuffer target) {
        shard(name).readStored(name, from, target);
    }

    /** Closes every file, even after one fails to close. */
    @Override
    public final void close() {
        RuntimeException failure = null;
        for (F shard : shards) {
            try {
                shard.close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
