package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.UnknownNameException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** One file whose header, with its tensors' places, is in memory; the formats share this. */
abstract class IndexedFile implements TensorFile {

    private final FileBytes file;
    private final TensorReader reader;
    private final Map<String, Object> metadata;
    private final Map<String, TensorInfo> tensors;

    IndexedFile(FileBytes file, TensorReader reader, Map<String, Object> metadata, Map<String, TensorInfo> tensors) {
        this.file = file;
        this.reader = reader;
        this.metadata = metadata;
        this.tensors = tensors;
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public Map<String, Object> metadata() {
        return metadata;
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public TensorInfo entry(String name) {
        TensorInfo tensor = tensors.get(name);
        if (tensor == null) {
            throw new UnknownNameException("tensor in " + path(), name, names());
        }
        return tensor;
    }

    @Override
    public NDArray read(String name, NDManager manager) {
        return reader.read(file, entry(name), manager);
    }

    @Override
    public void readStored(String name, long from, ByteBuffer target) {
        file.read(target, entry(name).offset() + from, "tensor \"" + name + "\"");
    }

    FileBytes bytes() {
        return file;
    }

    @Override
    public void close() {
        file.close();
    }
}
