package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import com.google.gson.Gson;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.Parameters;
import dev.lorikeet.model.Projection;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
    }

    static LoraAdapter read(Path folder, LanguageModel model, String name) {
        Injection.checkFree(model, name);
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

    /** One pair, read and checked, not yet on its projection. */
    private record Pair(Target target, NDArray a, NDArray b, double scale) {}

    /** What a classifier has beside its adapted layers. */
    private record Head(Classifier classifier, NDArray weight, NDArray bias, Classifier.Pooling pooling) {

        void place() {
            Projection head = classifier.transformer().head();
            Ops.assign(head.weight().getArray(), weight);
            Ops.assign(head.bias().getArray(), bias);
            classifier.pooling(pooling);
        }
    }

    private LoraAdapter read() {
        List<Pair> pairs = new ArrayList<>();
        for (Projection projection : model.transformer().projections()) {
            if (unread.contains(AdapterWriter.PREFIX + projection.path() + A)) {
                pairs.addAll(pairs(projection));
            }
        }
        Head head = model instanceof Classifier classifier ? head(classifier) : null;
        checkAllRead(pairs);
        List<Target> targets = pairs.stream().map(Pair::target).toList();
        Lora settings = Lora.rank(config.rank())
                .alpha(config.alpha())
                .dropout(config.dropout())
                .on(TargetNames.of(targets, model))
                .named(name);
        model.freeze(true);
        if (head != null) {
            head.place();
        }
        return new LoraAdapter(settings, model, pairs.stream().map(this::place).toList());
    }

    private List<Pair> pairs(Projection projection) {
        String key = AdapterWriter.PREFIX + projection.path();
        NDArray a = take(key + A);
        NDArray b = take(key + B);
        checkShapes(projection, a, b);
        long rank = a.getShape().get(0);
        double scale = config.scale(projection.path(), rank);
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
        long rank = config.rank(projection.path());
        if (a.getShape().get(0) != rank) {
            throw new BadFileException(
                    file.path(),
                    "%s has rank %d; by %s it should be %d"
                            .formatted(projection.path(), a.getShape().get(0), AdapterConfig.FILE, rank));
        }
    }

    private NDArray take(String tensor) {
        if (!unread.remove(tensor)) {
            throw new BadFileException(file.path(), "has no tensor \"" + tensor + "\"");
        }
        return file.read(tensor, staging);
    }

    /** The weights of a classifier's head, which the file must have; PEFT's own have no bias. */
    private Head head(Classifier classifier) {
        checkLabels(classifier);
        Projection head = classifier.transformer().head();
        for (String layer : List.of(".base_layer", "")) {
            String key = AdapterWriter.PREFIX + head.path() + layer;
            if (unread.contains(key + ".weight")) {
                NDArray weight = take(key + ".weight");
                NDArray bias = unread.contains(key + ".bias")
                        ? take(key + ".bias")
                        : staging.zeros(head.bias().getShape());
                checkHead(head, weight, bias);
                return new Head(classifier, weight, bias, pooling(classifier));
            }
        }
        throw new BadFileException(
                file.path(), "has no classifier head (" + head.path() + "), which a classifier needs");
    }

    private void checkHead(Projection head, NDArray weight, NDArray bias) {
        boolean fits = weight.getShape().equals(head.weight().getShape())
                && bias.getShape().equals(head.bias().getShape());
        if (!fits) {
            throw new BadFileException(
                    file.path(),
                    "its classifier head is %s with bias %s; that of %s is %s with bias %s"
                            .formatted(
                                    weight.getShape(),
                                    bias.getShape(),
                                    model.name(),
                                    head.weight().getShape(),
                                    head.bias().getShape()));
        }
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

    private void checkAllRead(List<Pair> pairs) {
        if (pairs.isEmpty() || !unread.isEmpty()) {
            throw new BadFileException(
                    file.path(),
                    "is not an adapter for %s (%s): %s"
                            .formatted(
                                    model.name(),
                                    model.getClass().getSimpleName(),
                                    unread.isEmpty()
                                            ? "it holds no LoRA matrices"
                                            : "nothing in the model is called "
                                                    + unread.iterator().next()));
        }
    }

    private LoraAdapter.Placed place(Pair pair) {
        Parameter a = Parameters.trainable("lora_A", kept(pair.a()));
        Parameter b = Parameters.trainable("lora_B", kept(pair.b()));
        return Injection.place(name, pair.target(), a, b, pair.scale(), config.dropout());
    }

    /** Takes an array out of the manager that goes when reading ends. */
    private NDArray kept(NDArray array) {
        array.attach(model.manager());
        return array;
    }
}
