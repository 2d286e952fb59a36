package dev.lorikeet.model;

import ai.djl.Device;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.hub.Hub;
import dev.lorikeet.model.io.LoadedModel;
import dev.lorikeet.model.io.ModelBuilder;
import dev.lorikeet.model.io.ModelFiles;
import dev.lorikeet.model.io.PublishedModel;
import dev.lorikeet.model.io.TaskHead;
import dev.lorikeet.model.io.WeightSource;
import dev.lorikeet.model.spec.HeadTask;
import dev.lorikeet.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Loads models of one kind that have a head for a task.
 *
 * @param kind such as "classifier", as the method of {@link Models} is called too
 * @param example how a new one is made, such as "classifier(labels)"
 * @param whole makes one of a model whose files have such a head
 * @param fresh makes one of a model without it
 */
record TaskLoader<M extends TaskModel>(
        String kind, String example, Whole<M> whole, BiFunction<PretrainedModel, List<String>, M> fresh) {

    static final TaskLoader<Classifier> CLASSIFIER =
            new TaskLoader<>("classifier", "classifier(labels)", Classifier::of, PretrainedModel::classifier);

    static final TaskLoader<Regressor> REGRESSOR = new TaskLoader<>(
            "regressor", "regressor()", Regressor::of, (base, labels) -> base.regressor(labels.get(0)));

    static final TaskLoader<Tagger> TAGGER =
            new TaskLoader<>("tagger", "tagger(kinds)", Tagger::of, PretrainedModel::taggerOf);

    /** Makes a model of its parts and its head. */
    interface Whole<M> {
        M of(LoadedModel parts, WeightSource source, TaskHead head);
    }

    /** Whether a head is of this kind. */
    boolean loads(HeadTask task) {
        return task.model().equals(kind);
    }

    /**
     * Loads a saved one: an adapter with its base, or a whole model.
     *
     * @param base gives the base of an adapter
     */
    M load(String model, Device device, DType dtype, Function<AdapterFolder, PretrainedModel> base) {
        Optional<AdapterFolder> adapter = AdapterFolder.of(Models.path(model));
        return adapter.isPresent() ? adapter.get().load(this, base) : whole(model, device, dtype);
    }

    private M whole(String model, Device device, DType dtype) {
        boolean published = !Files.exists(Models.path(model)) && PublishedModel.isReference(model);
        Path path = published ? PublishedModel.of(model).fetch(Hub.ofEnvironment()) : Models.path(model);
        TaskHead head = head(path, model);
        try (ModelFiles files = ModelFiles.open(path)) {
            LoadedModel parts =
                    ModelBuilder.build(model, files.source(), files.config(), files.tokenizer(), device, dtype, null);
            boolean complete = false;
            try {
                M made = whole.of(parts, files.source(), head);
                complete = true;
                return made;
            } finally {
                if (!complete) {
                    parts.lifetime().close(parts.name());
                }
            }
        }
    }

    private TaskHead head(Path path, String model) {
        Optional<TaskHead> head = TaskHead.in(path);
        if (head.isPresent() && loads(head.get().task())) {
            return head.get();
        }
        if (head.isPresent()) {
            String other = head.get().task().model();
            throw new BadFileException(
                    path, "holds a %1$s; load it with Models.%1$s(\"%2$s\")".formatted(other, model));
        }
        boolean writes = Files.exists(path.resolve("config.json"));
        throw new BadFileException(
                path,
                writes
                        ? "holds a model that writes; a new %s is made with Models.load(\"%s\").%s"
                                .formatted(kind, model, example)
                        : "holds no %s. %s".formatted(kind, AdapterFolder.content(path)));
    }
}
