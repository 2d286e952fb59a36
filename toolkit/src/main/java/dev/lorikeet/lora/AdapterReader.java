package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.family.Families;
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
 * Reads an adapter in PEFT's layout onto a model. Everything is read and checked before the model is touched, so that it
 * is left as it was if anything about the files is wrong.
 */
final class AdapterReader {

    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    private final TensorFile file;
    private final AdapterConfig config;
    private final LanguageModel model;
    private final String name;
    private final NDManager staging;
    private final Set<String> unread;

    private AdapterReader(TensorFile file, AdapterConfig config, LanguageModel model, String name, NDManager staging) {
        this.file = file;
        this.config = config;
        this.model = model;
        this.name = name;
        this.staging = staging;
        this.unread = new TreeSet<>(file.names());
        // With bias "all", PEFT writes the biases of modules saved whole three times; what counts has the module's own
        // name.
        this.unread.removeIf(key -> key.contains(".modules_to_save.") || key.contains(".original_module."));
    }

    static LoraAdapter read(Path folder, LanguageModel model, String name) {
        model.adapters().checkFree(name);
        AdapterConfig config = AdapterConfig.read(folder);
        Path tensors = folder.resolve(AdapterWriter.TENSORS);
        if (!Files.exists(tensors)) {
            throw new BadFileException(folder, "has no " + AdapterWriter.TENSORS);
        }
        try (TensorFile file = TensorFile.open(tensors);
                NDManager staging = model.manager().newSubManager()) {
            return new AdapterReader(file, config, model, name, staging).read();
        }
    }

    /** See {@link Lora#labels}. */
    static List<String> labels(Path folder) {
        AdapterConfig.read(folder);
        try (TensorFile file = TensorFile.open(folder.resolve(AdapterWriter.TENSORS))) {
            Object labels = file.metadata().get(AdapterWriter.LABELS);
            return labels == null ? List.of() : List.of(new Gson().fromJson(labels.toString(), String[].class));
        } catch (JsonSyntaxException e) {
            throw new BadFileException(folder, "has labels that cannot be read: " + e.getMessage(), e);
        }
    }

    /** One pair of matrices, read and checked, not yet on its projection. */
    private record Pair(Target target, NDArray a, NDArray b, double scale) {}

    /** A parameter of the adapter's own, read and checked, not yet in its place. */
    private record Whole(ParameterSlot slot, NDArray array, boolean trained) {}

    private LoraAdapter read() {
        List<Pair> pairs = new ArrayList<>();
        for (Projection projection : model.transformer().projections()) {
            if (unread.contains(AdapterWriter.PREFIX + projection.path() + A)) {
                pairs.addAll(pairs(projection));
            }
        }
        List<Target> targets = pairs.stream().map(Pair::target).toList();
        Set<Projection> adapted = targets.stream().map(Target::projection).collect(Collectors.toSet());
        List<Whole> wholes = wholes(adapted);
        Classifier.Pooling pooling = model instanceof Classifier classifier ? head(classifier, wholes) : null;
        checkAllRead(adapted);
        Lora settings = config.settings()
                .on(TargetNames.of(targets, model, config.settings()))
                .named(name);
        if (file.metadata().containsKey(AdapterWriter.SLICES)) {
            // The patterns of such a file are about the slices of a projection together.
            settings = settings.with(draft -> {
                draft.rankPattern = Map.of();
                draft.alphaPattern = Map.of();
            });
        }
        wholes.forEach(whole -> whole.slot().checkFree(name));
        model.freeze(true);
        if (model instanceof Classifier classifier) {
            classifier.pooling(pooling);
        }
        return placed(settings, pairs, wholes);
    }

    private LoraAdapter placed(Lora settings, List<Pair> pairs, List<Whole> wholes) {
        return new LoraAdapter(
                settings,
                model,
                pairs.stream()
                        .map(pair ->
                                Injection.place(settings, pair.target(), kept(pair.a()), kept(pair.b()), pair.scale()))
                        .toList(),
                wholes.stream()
                        .map(whole -> ModulesToSave.place(name, whole.slot(), kept(whole.array()), whole.trained()))
                        .toList());
    }

    /** Takes an array out of the manager that goes when reading ends. */
    private NDArray kept(NDArray array) {
        array.attach(model.manager());
        return array;
    }

    private List<Pair> pairs(Projection projection) {
        String key = AdapterWriter.PREFIX + projection.path();
        NDArray a = take(key + A);
        NDArray b = take(key + B);
        checkShapes(projection, a, b);
        long rank = a.getShape().get(0);
        double scale = config.settings().scaleOf(projection.path(), rank);
        Object slices = file.metadata().get(AdapterWriter.SLICES);
        if (slices == null || projection.slices().isEmpty()) {
            return List.of(new Pair(Target.whole(projection), a, b, scale));
        }
        List<Target> targets = Arrays.stream(slices.toString().split(","))
                .map(slice -> Target.slice(projection, slice).orElseThrow(() -> badSlices(slices, projection)))
                .toList();
        if (rank % targets.size() != 0) {
            throw badSlices(slices, projection);
        }
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            pairs.add(slice(targets.get(i), a, b, i * rank / targets.size(), rank / targets.size(), scale));
        }
        return pairs;
    }

    /** The part of a stacked A and a block-diagonal B that belongs to a slice. */
    private static Pair slice(Target target, NDArray a, NDArray b, long start, long rank, double scale) {
        long end = start + rank;
        NDArray part = a.get("{}:{}", start, end).duplicate();
        NDArray rows = b.get("{}:{}, {}:{}", target.firstRow(), target.firstRow() + target.rows(), start, end)
                .duplicate();
        return new Pair(target, part, rows, scale);
    }

    private BadFileException badSlices(Object slices, Projection projection) {
        return new BadFileException(
                file.path(), "is on the slices \"%s\", which %s does not have so".formatted(slices, projection.path()));
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
        long rank = config.settings().rankOf(projection.path());
        if (a.getShape().get(0) != rank) {
            throw new BadFileException(
                    file.path(),
                    "%s has rank %d; by %s it should be %d"
                            .formatted(projection.path(), a.getShape().get(0), AdapterConfig.FILE, rank));
        }
    }

    /**
     * The parameters of the model that the file has in whole. Those that its settings name are trained on; others, such as
     * the head of a classifier that was left as it is, are only used.
     */
    private List<Whole> wholes(Set<Projection> adapted) {
        Set<ParameterSlot> trained = new HashSet<>(ModulesToSave.wanted(config.settings(), model, adapted));
        List<Whole> wholes = new ArrayList<>();
        for (ParameterSlot slot : model.transformer().slots()) {
            String base = AdapterWriter.key(slot, true);
            String key = unread.contains(base) ? base : AdapterWriter.key(slot, false);
            if (unread.contains(key)) {
                wholes.add(new Whole(slot, whole(slot, key), trained.contains(slot)));
            } else if (isHeadBias(slot)) {
                wholes.add(new Whole(slot, staging.zeros(slot.own().getShape()), trained.contains(slot)));
            } else if (trained.contains(slot)) {
                wholes.add(missing(slot, key));
            }
        }
        return wholes;
    }

    /** PEFT's own heads have no bias. */
    private boolean isHeadBias(ParameterSlot slot) {
        return model instanceof Classifier && slot == model.transformer().head().biasSlot();
    }

    private NDArray whole(ParameterSlot slot, String key) {
        NDArray array = take(key);
        NDArray turned =
                array.getShape().dimension() == 2 && Families.named(model.config().family()).isTransposed(model.config(), slot.name())
                        ? Ops.transposed(array)
                        : array;
        if (!turned.getShape().equals(slot.own().getShape())) {
            throw new BadFileException(
                    file.path(),
                    "its %s is %s, which does not fit %s of %s, %s"
                            .formatted(
                                    key,
                                    array.getShape(),
                                    slot.name(),
                                    model.name(),
                                    slot.own().getShape()));
        }
        return turned;
    }

    /** A module saved whole must be there; a bias may be missing, as older versions of PEFT lost some. */
    private Whole missing(ParameterSlot slot, String key) {
        if (ModulesToSave.isSaved(config.settings(), slot)) {
            throw new BadFileException(
                    file.path(),
                    "has no tensor \"%s\", though modules_to_save are %s"
                            .formatted(key, config.settings().modulesToSave()));
        }
        return new Whole(slot, slot.copy(staging), true);
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
            boolean named = config.targets().contain(projection.path())
                    && !config.excluded().contain(projection.path())
                    && Injection.isAdapted(config.settings(), projection);
            if (named && !adapted.contains(projection)) {
                throw new BadFileException(
                        file.path(),
                        "has no matrices for %s of %s, which is one of its target_modules; it was made for another model"
                                .formatted(projection.path(), model.name()));
            }
        }
    }

    private String foreign() {
        String first = unread.iterator().next();
        if (first.contains("lora_embedding_")) {
            return "it has matrices on a table (%s), which is not supported; supported are those on projections"
                    .formatted(first);
        }
        return "nothing in the model is called %s; its modules are called such as %s"
                .formatted(first, model.transformer().projections().get(0).path());
    }

    private NDArray take(String tensor) {
        if (!unread.remove(tensor)) {
            throw new BadFileException(file.path(), "has no tensor \"" + tensor + "\"");
        }
        return file.read(tensor, staging);
    }

    /** Checks that the file brings a head for a classifier's labels, without a bias if it is one of PEFT's own. */
    private Classifier.Pooling head(Classifier classifier, List<Whole> wholes) {
        checkLabels(classifier);
        Projection head = classifier.transformer().head();
        if (wholes.stream().noneMatch(whole -> whole.slot() == head.weightSlot())) {
            throw new BadFileException(
                    file.path(), "has no classifier head (" + head.path() + "), which a classifier needs");
        }
        return pooling(classifier);
    }

    private void checkLabels(Classifier classifier) {
        Object labels = file.metadata().get(AdapterWriter.LABELS);
        if (labels != null && !labels.equals(new Gson().toJson(classifier.labels()))) {
            throw new BadFileException(
                    file.path(),
                    "was trained for the labels %s; the classifier has %s".formatted(labels, classifier.labels()));
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
                        "its pooling is \"%s\"; known are %s"
                                .formatted(stored, Arrays.toString(Classifier.Pooling.values()))));
    }
}
