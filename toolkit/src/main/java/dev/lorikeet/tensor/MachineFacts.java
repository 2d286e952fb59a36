package dev.lorikeet.tensor;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.base.file.CacheFolder;
import dev.lorikeet.tensor.engine.PyTorchEngine;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * What was measured on a machine once and is kept in a file, so that the same cells give the same results on another day, when
 * the machine is busy.
 *
 * @param file a properties file; it need not exist
 * @param machine what the facts hold for: a home folder may be seen from several machines
 */
record MachineFacts(Path file, String machine) {

    /** The facts of this machine and its engine. */
    static MachineFacts ofThis() {
        String machine = String.join(
                ", ",
                Processor.THIS.name(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                "PyTorch " + PyTorchEngine.get().getVersion());
        return new MachineFacts(CacheFolder.ofEnvironment().resolve("machine.properties"), machine);
    }

    /** The fact that is kept, else the one that is measured now and kept if the file can be written. */
    String get(String name, Supplier<String> measure) {
        String key = name + " (" + machine + ")";
        String kept = read().getProperty(key);
        if (kept != null) {
            return kept;
        }
        String measured = measure.get();
        // What another process has written while this one measured stays.
        Properties all = read();
        all.setProperty(key, measured);
        write(all);
        return measured;
    }

    private Properties read() {
        Properties all = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                all.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                // A damaged file says nothing, and is written anew.
                all.clear();
            }
        }
        return all;
    }

    private void write(Properties all) {
        StringWriter text = new StringWriter();
        try {
            all.store(text, "Measured by Lorikeet; delete the file to measure again");
            AtomicFiles.writeText(file, text.toString());
        } catch (IOException | BadFileException e) {
            // A read-only home: the next process measures again.
        }
    }
}
