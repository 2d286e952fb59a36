package dev.lorikeet.model.io;

import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;

/** Arrays that come from a file, which is closed with this. */
interface FileSource extends WeightSource {

    TensorFile file();

    @Override
    default Path path() {
        return file().path();
    }

    @Override
    default int size() {
        return file().names().size();
    }

    @Override
    default void close() {
        file().close();
    }
}
