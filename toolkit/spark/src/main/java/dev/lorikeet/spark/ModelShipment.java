package dev.lorikeet.spark;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.model.Adapter;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.TaskModel;
import dev.lorikeet.spark.ModelHandle.TaskSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;

/** A model on its way to the executors: its files, which are deleted on close. */
final class ModelShipment implements AutoCloseable {

    private final Path folder;
    private final ModelHandle handle;

    private ModelShipment(Path folder, ModelHandle handle) {
        this.folder = folder;
        this.handle = handle;
    }

    /**
     * Writes a model's files and hands them to the cluster.
     *
     * @param shared a folder that every machine sees; empty: the driver sends the files
     * @throws LorikeetException if the model has several active adapters
     */
    static ModelShipment of(JavaSparkContext context, LanguageModel model, Optional<Path> shared) {
        List<Adapter> active = model.adapters().list().stream()
                .filter(adapter -> adapter.state() == Adapter.State.ACTIVE)
                .toList();
        if (active.size() > 1) {
            throw new LorikeetException(
                    "%s has the active adapters %s; over a cluster one can be active. Switch the others off with model.adapters().activate(\"%s\")"
                            .formatted(
                                    model.name(),
                                    active.stream().map(Adapter::name).toList(),
                                    active.get(0).name()));
        }
        String key = "lorikeet-" + UUID.randomUUID();
        Path folder = folder(shared, key);
        boolean complete = false;
        try {
            model.snapshot(folder.resolve(ModelHandle.BASE));
            active.forEach(adapter -> adapter.save(folder.resolve(ModelHandle.ADAPTER)));
            List<String> files = files(folder);
            ModelHandle handle = new ModelHandle(
                    key,
                    shared.isPresent() ? folder.toString() : null,
                    files,
                    active.isEmpty() ? "" : active.get(0).name(),
                    model.computeDtype(),
                    settings(model));
            if (shared.isEmpty()) {
                send(context, folder, handle);
            }
            complete = true;
            return new ModelShipment(folder, handle);
        } finally {
            if (!complete) {
                AtomicFolders.delete(folder);
            }
        }
    }

    private static Path folder(Optional<Path> shared, String key) {
        try {
            return shared.isPresent()
                    ? Files.createDirectories(shared.get().toAbsolutePath().resolve(key))
                    : Files.createTempDirectory(key);
        } catch (IOException e) {
            throw new LorikeetException("The folder for the model's copy could not be made: " + e.getMessage(), e);
        }
    }

    private static List<String> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Spark sends a file under its own name, and no folders. */
    private static void send(JavaSparkContext context, Path folder, ModelHandle handle) {
        for (int i = 0; i < handle.files().size(); i++) {
            Path named = folder.resolve(handle.sentAs(i));
            try {
                Files.move(folder.resolve(handle.files().get(i)), named);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            context.addFile(named.toUri().toString());
        }
    }

    private static TaskSettings settings(LanguageModel model) {
        if (model instanceof Classifier classifier) {
            return new TaskSettings(
                    "classifier",
                    classifier.labels(),
                    classifier.isMultiLabel(),
                    classifier.pooling().name(),
                    classifier.paddedLength().orElse(0));
        }
        return model instanceof TaskModel made
                ? new TaskSettings(made.task().model(), made.labels(), false, "", 0)
                : new TaskSettings("model", List.of(), false, "", 0);
    }

    ModelHandle handle() {
        return handle;
    }

    /** Closes it when this process ends. */
    void closeAtExit() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    @Override
    public void close() {
        AtomicFolders.delete(folder);
    }
}
