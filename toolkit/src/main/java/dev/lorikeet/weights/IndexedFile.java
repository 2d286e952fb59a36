package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.UnknownNameException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** What the formats have in common once their headers are read. */
abstract class IndexedFile implements TensorFile {

    private final FileBytes file;
    private final TensorReader reader;
    private final Map<String, Object> metadata;
    private final Map<String, Entry> entries;

    /**
     * @param types those of the format
     */
    IndexedFile(FileBytes file, Set<StoredType> types, Map<String, Object> metadata, Map<String, Entry> entries) {
        this.file = file;
        this.reader = new TensorReader(file, types);
        this.metadata = metadata;
        this.entries = entries;
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
        return entries.keySet();
    }

    @Override
    public Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new UnknownNameException("tensor in " + path(), name, names());
        }
        return entry;
    }

    @Override
    public NDArray read(String name, NDManager manager) {
        return reader.read(entry(name), manager);
    }

    @Override
    public void close() {
        file.close();
    }
}
