package dev.lorikeet.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A reader that gets damaged files.
 *
 * @param name of the reader
 * @param file the file that is damaged, relative to its folder
 * @param folder what stands beside it
 * @param seeds whole files
 */
record FuzzTarget(String name, String file, Path folder, List<byte[]> seeds, Reader reader) {

    /** Reads the damaged file and uses what it read. */
    interface Reader {
        void read(Path file) throws Exception;
    }

    /** Adds seeds: files that a reader once failed at. */
    FuzzTarget with(List<byte[]> more) {
        List<byte[]> all = new ArrayList<>(seeds);
        all.addAll(more);
        return new FuzzTarget(name, file, folder, all, reader);
    }

    /** Reads an input that has been written. */
    void read() throws Exception {
        reader.read(folder.resolve(file));
    }
}
