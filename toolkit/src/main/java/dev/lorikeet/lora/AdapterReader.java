package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.lora.names.PeftPaths;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.TaskModel;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Pooler;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.spec.HeadTask;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Loads an adapter in PEFT's layout onto a model. It reads and checks everything before it touches the model, so that a bad
 * file leaves the model as it was.
 */
final class AdapterReader {

    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    private final TensorFile file;
    private final AdapterConfig config;
    private final LanguageModel model;
    private final PeftPaths paths;
    private final String name;
    private final NDManager staging;
    private final Set<String> unread;

    private AdapterReader(TensorFile file, AdapterConfig config, LanguageModel model, String name, NDManager staging) {
        this.file = file;
        this.config = config;
        this.model = model;
        this.paths = new PeftPaths(model);
        this.name = name;
        this.staging = staging;
        this.unread = new TreeSet<>(file.names());
        // With bias "all", PEFT writes the biases of modules_to_save three times; the copy under the module's own name
        // counts.
        this.unread.removeIf(key -> key.contains(".modules_to_save.") || key.contains(".original_module."));
    }

    static LoraAdapter read(Path folder, LanguageModel model, String name) {
        model.adapters().checkFree(name);
        AtomicFolders.recover(folder);
        AdapterConfig config = AdapterConfig.read(folder);
        try (TensorFile file = open(folder);
                NDManager staging = model.manager().newSubManager()) {
            return new AdapterReader(file, config, model, name, staging).read();
        } catch (BadArgumentException e) {
            throw new BadFileException(folder.resolve(AdapterConfig.FILE), "cannot be used: " + e.getMessage(), e);
        }
    }

    static TensorFile open(Path folder) {
        Path tensors = folder.resolve(AdapterWriter.TENSORS);
        if (!Files.exists(tensors)) {
            throw new BadFileException(folder, "has no " + AdapterWriter.TENSORS);
        }
        return TensorFile.open(tensors);
    }

    /** A and B of one target, read and checked, not yet on the projection. */
    private record MatrixPair(Target<Projection> target, NDArray a, NDArray b, double scale) {}

    /** The adapter's own copy of a parameter, read and checked, not yet on the model. */
    private record FullParameter(ParameterSlot slot, NDArray array, boolean trained) {}

    private LoraAdapter read() {
        if (model instanceof TaskModel made) {
            checkTask(made);
        }
        List<MatrixPair> pairs = new ArrayList<>();
        for (Projection projection : model.transformer().projections()) {
            if (unread.contains(paths.key(projection.path()) + A)) {
                pairs.addAll(pairs(projection));
            }
        }
        List<Target<Projection>> targets =
                pairs.stream().map(MatrixPair::target).toList();
        Set<Projection> adapted = targets.stream().map(Target::projection).collect(Collectors.toSet());
        List<FullParameter> fullParameters = fullParameters(adapted);
        if (model instanceof TaskModel made) {
            checkHead(made, fullParameters);
        }
        Classifier.Pooling pooling = model instanceof Classifier classifier ? pooling(classifier) : null;
        checkAllRead(adapted);
        LoraConfig lora = config.lora().toBuilder()
                .on(TargetNames.of(targets, model, config.lora()))
                .named(name)
                .build();
        if (file.metadata().containsKey(AdapterWriter.SLICES)) {
            // In such a file the patterns give the rank and alpha of all slices of a projection together.
            lora = lora.with(builder -> {
                builder.rankPattern = Map.of();
                builder.alphaPattern = Map.of();
            });
        }
        fullParameters.forEach(parameter -> parameter.slot().checkFree(name));
        model.freeze(true);
        if (model instanceof Classifier classifier) {
            classifier.pooling(pooling);
            if (HeadTask.SEVERAL_LABELS.name().equals(file.metadata().get(AdapterWriter.TASK))) {
                classifier.multiLabel();
            }
        }
        return attach(lora, pairs, fullParameters);
    }

    private LoraAdapter attach(LoraConfig lora, List<MatrixPair> pairs, List<FullParameter> fullParameters) {
        return new LoraAdapter(
                lora,
                model,
                pairs.stream()
                        .map(pair ->
                                Injection.attach(lora, pair.target(), keep(pair.a()), keep(pair.b()), pair.scale()))
                        .toList(),
                fullParameters.stream()
                        .map(parameter -> ModulesToSave.attach(
                                name, parameter.slot(), keep(parameter.array()), parameter.trained()))
                        .toList());
    }

    /** Moves an array from the staging manager, which is closed after reading, to the model's. */
    private NDArray keep(NDArray array) {
        array.attach(model.manager());
        return array;
    }

    private List<MatrixPair> pairs(Projection projection) {
        String key = paths.key(projection.path());
        NDArray a = take(key + A);
        NDArray b = take(key + B);
        checkShapes(projection, a, b);
        long rank = a.getShape().get(0);
        double scale = config.lora().scaleOf(projection.path(), rank);
        Object slices = file.metadata().get(AdapterWriter.SLICES);
        if (slices == null || projection.slices().isEmpty()) {
            return List.of(new MatrixPair(Target.whole(projection), a, b, scale));
        }
        List<Target<Projection>> targets = Arrays.stream(slices.toString().split(",", -1))
                .map(slice -> Target.slice(projection, slice).orElseThrow(() -> badSlices(slices, projection)))
                .toList();
        if (rank % targets.size() != 0) {
            throw badSlices(slices, projection);
        }
        List<MatrixPair> pairs = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            pairs.add(slice(targets.get(i), a, b, i * rank / targets.size(), rank / targets.size(), scale));
        }
        return pairs;
    }

    /** Cuts the part of a slice out of a stacked A and a block-diagonal B. */
    private static MatrixPair slice(
            Target<Projection> target, NDArray a, NDArray b, long start, long rank, double scale) {
        long end = start + rank;
        NDArray part = a.get("{}:{}", start, end).duplicate();
        NDArray rows = b.get("{}:{}, {}:{}", target.firstRow(), target.firstRow() + target.rows(), start, end)
                .duplicate();
        return new MatrixPair(target, part, rows, scale);
    }

    private BadFileException badSlices(Object slices, Projection projection) {
        return new BadFileException(
                file.path(),
                "has matrices for the slices \"%s\", which %s does not have".formatted(slices, projection.path()));
    }

    private void checkShapes(Projection projection, NDArray a, NDArray b) {
        boolean fits = a.getShape().dimension() == 2
                && b.getShape().dimension() == 2
                && a.getShape().get(1) == projection.in()
                && b.getShape().get(0) == projection.out()
                && a.getShape().get(0) == b.getShape().get(1);
        if (!fits) {
            throw new BadFileException(
                    file.path(),
                    "A %s and B %s do not fit %s, which is %d → %d in %s"
                            .formatted(
                                    a.getShape(),
                                    b.getShape(),
                                    projection.path(),
                                    projection.in(),
                                    projection.out(),
                                    model.name()));
        }
        long rank = config.lora().rankOf(projection.path());
        if (a.getShape().get(0) != rank) {
            throw new BadFileException(
                    file.path(),
                    "%s has rank %d; by %s it should be %d"
                            .formatted(projection.path(), a.getShape().get(0), AdapterConfig.FILE, rank));
        }
    }

    /**
     * Reads the parameters that the file holds in full. Those that its settings name stay trainable; others, such as the
     * frozen head of a classifier, are only used.
     */
    private List<FullParameter> fullParameters(Set<Projection> adapted) {
        Set<ParameterSlot> trained =
                new HashSet<>(ModulesToSave.among(model.transformer().slots(), config.lora(), adapted));
        List<FullParameter> fullParameters = new ArrayList<>();
        for (ParameterSlot slot : model.transformer().slots()) {
            String base = paths.key(slot, true);
            String key = unread.contains(base) ? base : paths.key(slot, false);
            if (unread.contains(key)) {
                fullParameters.add(new FullParameter(slot, parameter(slot, key), trained.contains(slot)));
            } else if (isNewPooler(slot)) {
                throw new BadFileException(
                        file.path(),
                        ("has no tensor \"%s\", which was made with the classifier and decides what it says. PEFT leaves it out "
                                        + "unless modules_to_save names it; train again with modules_to_save=%s")
                                .formatted(key, HeadModules.names(model.config(), ((TaskModel) model).task(), true)));
            } else if (isHeadBias(slot)) {
                fullParameters.add(
                        new FullParameter(slot, staging.zeros(slot.own().getShape()), trained.contains(slot)));
            } else if (trained.contains(slot)) {
                fullParameters.add(missingParameter(slot, key));
            }
        }
        return fullParameters;
    }

    /** Whether a slot is the bias of a classifier's head, which PEFT's own heads lack. */
    private boolean isHeadBias(ParameterSlot slot) {
        return model instanceof TaskModel && slot == model.transformer().head().biasSlot();
    }

    private boolean isNewPooler(ParameterSlot slot) {
        Pooler pooler = model.transformer().pooler();
        return pooler != null && pooler.isNew() && pooler.slots().contains(slot);
    }

    private NDArray parameter(ParameterSlot slot, String key) {
        NDArray array = take(key);
        NDArray oriented = array.getShape().dimension() == 2
                        && Families.named(model.config().family()).isTransposed(model.config(), slot.name())
                ? Ops.transposed(array)
                : array;
        if (!oriented.getShape().equals(slot.own().getShape())) {
            throw new BadFileException(
                    file.path(),
                    "holds %s of shape %s, which does not fit %s of %s, %s"
                            .formatted(
                                    key,
                                    array.getShape(),
                                    slot.name(),
                                    model.name(),
                                    slot.own().getShape()));
        }
        return oriented;
    }

    /** Refuses a file without a module to save; a missing bias is taken from the model, as older versions of PEFT lost some. */
    private FullParameter missingParameter(ParameterSlot slot, String key) {
        if (ModulesToSave.isSaved(config.lora(), slot)) {
            throw new BadFileException(
                    file.path(),
                    "has no tensor \"%s\", although modules_to_save is %s"
                            .formatted(key, config.lora().modulesToSave()));
        }
        return new FullParameter(slot, slot.copy(staging), true);
    }

    private void checkAllRead(Set<Projection> adapted) {
        if (adapted.isEmpty() || !unread.isEmpty()) {
            throw new BadFileException(
                    file.path(),
                    "is not an adapter for %s (%s): %s"
                            .formatted(
                                    model.name(),
                                    model.getClass().getSimpleName(),
                                    unread.isEmpty() ? "it holds no LoRA matrices" : foreign()));
        }
        for (Projection projection : model.transformer().projections()) {
            boolean named = config.targetModules().contains(projection.path())
                    && !config.excludeModules().contains(projection.path())
                    && Injection.isAdapted(config.lora(), projection);
            if (named && !adapted.contains(projection)) {
                throw new BadFileException(
                        file.path(),
                        "has no matrices for %s of %s, which is one of its target_modules; it belongs to another model"
                                .formatted(projection.path(), model.name()));
            }
        }
    }

    private String foreign() {
        String first = unread.iterator().next();
        if (first.contains("lora_embedding_")) {
            return "it has LoRA matrices on an embedding (%s), which is not supported; matrices on linear layers are"
                    .formatted(first);
        }
        return "the model has no module for %s; an example of its modules is %s"
                .formatted(
                        first,
                        paths.path(model.transformer().projections().get(0).path()));
    }

    private NDArray take(String tensor) {
        if (!unread.remove(tensor)) {
            throw new BadFileException(file.path(), "has no tensor \"" + tensor + "\"");
        }
        return file.readWeights(tensor, staging);
    }

    private void checkTask(TaskModel made) {
        AdapterFacts.task(file, config, true, made.labels().size()).ifPresent(task -> {
            if (!task.model().equals(made.task().model())) {
                throw new BadFileException(
                        file.path(),
                        "belongs to a %s; the model is a %s"
                                .formatted(task.model(), made.task().model()));
            }
        });
        checkLabels(made);
    }

    private void checkHead(TaskModel made, List<FullParameter> fullParameters) {
        Projection head = made.transformer().head();
        if (fullParameters.stream().noneMatch(parameter -> parameter.slot() == head.weightSlot())) {
            throw new BadFileException(
                    file.path(),
                    "has no head (%s), which a %s needs"
                            .formatted(head.path(), made.task().model()));
        }
    }

    private void checkLabels(TaskModel made) {
        Object labels = file.metadata().get(AdapterWriter.LABELS);
        if (labels != null && !labels.equals(new Gson().toJson(made.labels()))) {
            throw new BadFileException(
                    file.path(),
                    "was trained for the labels %s; the %s has the labels %s"
                            .formatted(labels, made.task().model(), made.labels()));
        }
    }

    private Classifier.Pooling pooling(Classifier classifier) {
        Object stored = file.metadata().get(AdapterWriter.POOLING);
        if (stored == null) {
            return classifier.pooling();
        }
        return Arrays.stream(Classifier.Pooling.values())
                .filter(pooling -> pooling.name().equals(stored))
                .findFirst()
                .orElseThrow(() -> new BadFileException(
                        file.path(),
                        "its pooling is \"%s\"; expected one of %s"
                                .formatted(stored, Arrays.toString(Classifier.Pooling.values()))));
    }
}
