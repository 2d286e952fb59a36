package dev.lorikeet.model;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.model.AdapterFormat.Description;
import dev.lorikeet.model.spec.HeadTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A folder with a saved adapter, which knows its base model, and its labels if it is a classifier's. */
record AdapterFolder(Path folder, AdapterFormat format, Description description) {

    private static final String CONFIG = "adapter_config.json";
    private static final int MOST_SHOWN = 8;

    /** Files of a whole model, which come before an adapter that lies beside them. */
    private static final List<String> WHOLE = List.of("model.safetensors", "model.safetensors.index.json");

    /** Finds the adapter in a folder that holds no whole model. */
    static Optional<AdapterFolder> of(Path folder) {
        AtomicFolders.recover(folder);
        if (!Files.isDirectory(folder) || WHOLE.stream().anyMatch(file -> Files.exists(folder.resolve(file)))) {
            return Optional.empty();
        }
        return ServiceLoader.load(AdapterFormat.class, AdapterFormat.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(format -> format.isIn(folder))
                .findFirst()
                .map(format -> new AdapterFolder(folder, format, format.describe(folder)));
    }

    /** Finds the adapter in a folder, or says what the folder holds instead. */
    static AdapterFolder required(Path folder) {
        return of(folder).orElseThrow(() -> new BadFileException(folder, "holds no adapter. " + content(folder)));
    }

    /** Says what is in a folder that holds neither a model nor an adapter. */
    static String content(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Files.exists(folder) ? "It is a file" : "There is no such folder";
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.sorted().toList();
            Optional<Path> inside = all.stream()
                    .filter(child -> Files.exists(child.resolve(CONFIG)) || Files.exists(child.resolve("config.json")))
                    .reduce((first, second) -> second);
            String names = String.join(
                    ", ",
                    all.stream()
                            .limit(MOST_SHOWN)
                            .map(file -> file.getFileName().toString())
                            .toList());
            String more = all.size() > MOST_SHOWN ? ", and %d more".formatted(all.size() - MOST_SHOWN) : "";
            return all.isEmpty()
                    ? "It is empty"
                    : "It holds " + names + more
                            + inside.map(child -> ". Did you mean \"" + child + "\"?")
                                    .orElse("");
        } catch (IOException e) {
            return "It cannot be read: " + e.getMessage();
        }
    }

    /**
     * Loads the base model and puts the adapter on it.
     *
     * @throws BadFileException if it is the adapter of a classifier, or of another model with a task
     */
    PretrainedModel loadOnto(Function<AdapterFolder, PretrainedModel> base) {
        if (description.task().isPresent()) {
            throw belongsTo(description.task().get());
        }
        return attached(base.apply(this), model -> model);
    }

    private BadFileException belongsTo(HeadTask task) {
        String labels = description.labels().isEmpty() ? "" : " (" + String.join(", ", description.labels()) + ")";
        return new BadFileException(
                folder,
                "holds the adapter of a %1$s%2$s; load it with Models.%1$s(\"%3$s\")"
                        .formatted(task.model(), labels, folder));
    }

    /**
     * Loads the base model, puts a new head on it and the adapter on that.
     *
     * @throws BadFileException if it is the adapter of a model of another kind
     */
    <M extends TaskModel> M load(TaskLoader<M> loader, Function<AdapterFolder, PretrainedModel> base) {
        if (description.task().isEmpty()) {
            throw new BadFileException(
                    folder,
                    "holds the adapter of a model that writes, not of a %s; load it with Models.load(\"%s\")"
                            .formatted(loader.kind(), folder));
        }
        if (!loader.loads(description.task().get())) {
            throw belongsTo(description.task().get());
        }
        List<String> labels = labels();
        return attached(base.apply(this), model -> loader.fresh().apply(model, labels));
    }

    private <T extends LanguageModel> T attached(PretrainedModel base, Function<PretrainedModel, T> kind) {
        boolean loaded = false;
        try {
            T model = kind.apply(base);
            format.load(folder, model);
            loaded = true;
            return model;
        } finally {
            if (!loaded) {
                base.close();
            }
        }
    }

    /** The labels; where the files name none, as transformers calls them. */
    private List<String> labels() {
        if (!description.labels().isEmpty()) {
            return description.labels();
        }
        List<String> labels = IntStream.range(0, description.classes())
                .mapToObj(i -> "LABEL_" + i)
                .toList();
        HeadTask task = description.task().orElseThrow();
        if (task != HeadTask.NUMBER) {
            String call = task == HeadTask.TAGS ? "taggerOf(tags)" : "classifier(labels)";
            System.out.printf(
                    "The adapter %s names no labels; they are called %s. To name them: Lora.load(\"%s\", Models.load(base).%s).%n",
                    folder, String.join(", ", labels), folder, call);
        }
        return labels;
    }

    /** The base as the adapter names it. */
    String base() {
        if (description.base().isBlank()) {
            throw noBase("its %s names no base model".formatted(CONFIG), null);
        }
        return description.base();
    }

    /** The base where its relative path starts at the adapter or beside it, and not at the working directory. */
    Optional<Path> baseNearby() {
        Path home = folder.toAbsolutePath().normalize();
        return Stream.of(home, home.getParent())
                .filter(Objects::nonNull)
                .map(start -> start.resolve(base()).normalize())
                .filter(path -> !path.equals(home))
                .filter(path -> Files.exists(path.resolve("config.json"))
                        || base().endsWith(".gguf") && Files.isRegularFile(path))
                .findFirst();
    }

    /** The error for a base that cannot be found. */
    BadFileException noBase(String problem, LorikeetException cause) {
        String call = description.task().map(HeadTask::model).orElse("load");
        return new BadFileException(
                folder,
                "%s. Name it yourself: Models.%s(\"%s\", \"name or path of the base\")"
                        .formatted(problem, call, folder),
                cause);
    }
}
