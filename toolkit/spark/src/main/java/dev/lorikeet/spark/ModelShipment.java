package dev.lorikeet.spark;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.model.Adapter;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.TaskModel;
import dev.lorikeet.spark.ModelHandle.TaskSettings;
import dev.lorikeet.spark.SentFiles.SentFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;

/** A model on its way to the executors; its files in a shared folder are deleted on close. */
final class ModelShipment implements AutoCloseable {

    private final Optional<Path> folder;
    private final ModelHandle handle;

    private ModelShipment(Optional<Path> folder, ModelHandle handle) {
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
        ModelFacts facts = ModelFacts.of(model);
        Consumer<Path> base = model::snapshot;
        Consumer<Path> adapter = folder -> active.get(0).save(folder);
        Optional<Path> folder = shared.map(ModelShipment::folder);
        List<SentFile> files = new ArrayList<>();
        boolean complete = false;
        try {
            if (folder.isPresent()) {
                base.accept(folder.get().resolve(ModelHandle.BASE));
                active.forEach(one -> adapter.accept(folder.get().resolve(ModelHandle.ADAPTER)));
            } else {
                files.addAll(SentFiles.once(context, content(model, facts, active.isEmpty()), ModelHandle.BASE, base));
                active.forEach(one -> files.addAll(SentFiles.send(context, ModelHandle.ADAPTER, adapter)));
            }
            complete = true;
        } finally {
            if (!complete) {
                folder.ifPresent(AtomicFolders::delete);
            }
        }
        return new ModelShipment(
                folder,
                new ModelHandle(
                        UUID.randomUUID().toString(),
                        folder.map(Path::toString).orElse(null),
                        files,
                        facts,
                        active.isEmpty() ? "" : active.get(0).name(),
                        model.computeDtype(),
                        settings(model)));
    }

    /** What a snapshot of a model depends on: with a head of its own on that too. */
    private static String content(LanguageModel model, ModelFacts facts, boolean whole) {
        return String.join(
                " ",
                facts.weights(),
                facts.dtype(),
                model.name(),
                model.config().toString(),
                whole ? settings(model).toString() : "");
    }

    private static Path folder(Path shared) {
        try {
            return Files.createDirectories(shared.toAbsolutePath().resolve("lorikeet-" + UUID.randomUUID()));
        } catch (IOException e) {
            throw new LorikeetException("The folder for the model's copy could not be made: " + e.getMessage(), e);
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
        if (folder.isPresent()) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        }
    }

    @Override
    public void close() {
        folder.ifPresent(AtomicFolders::delete);
    }
}
