package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import com.google.gson.Gson;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.Projection;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads an adapter in PEFT's layout onto a model. The model is left as it was if anything about the files is wrong. */
final class AdapterReader {

    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    private final TensorFile file;
    private final AdapterConfig config;
    private final LanguageModel model;
    private final Set<String> unread;

    private AdapterReader(TensorFile file, AdapterConfig config, LanguageModel model) {
        this.file = file;
        this.config = config;
        this.model = model;
        this.unread = new TreeSet<>(file.names());
    }

    static LoraAdapter read(Path folder, LanguageModel model) {
        AdapterConfig config = AdapterConfig.read(folder);
        Path tensors = folder.resolve(AdapterWriter.TENSORS);
        if (!Files.exists(tensors)) {
            throw new BadFileException(folder, "has no " + AdapterWriter.TENSORS);
        }
        try (TensorFile file = TensorFile.open(tensors)) {
            return new AdapterReader(file, config, model).read(folder);
        }
    }

    /** One pair, read and checked, not yet on its projection. */
    private record Pair(Projection projection, NDArray a, NDArray b) {}

    private LoraAdapter read(Path folder) {
        NDManager staging = model.manager().newSubManager();
        boolean complete = false;
        try {
            List<Pair> pairs = new ArrayList<>();
            for (Projection projection : model.transformer().projections()) {
                String key = AdapterWriter.PREFIX + projection.path();
                if (unread.contains(key + A)) {
                    pairs.add(pair(projection, key, staging));
                }
            }
            Map<Parameter, NDArray> head = head(staging);
            checkAllRead(pairs);
            head.forEach((parameter, value) -> value.copyTo(parameter.getArray()));
            LoraAdapter adapter = place(folder, pairs);
            complete = true;
            return adapter;
        } finally {
            if (!complete) {
                staging.close();
            }
        }
    }

    private Pair pair(Projection projection, String key, NDManager staging) {
        NDArray a = take(key + A, staging);
        NDArray b = take(key + B, staging);
        boolean fits = a.getShape().get(1) == projection.in()
                && b.getShape().get(0) == projection.out()
                && a.getShape().get(0) == b.getShape().get(1);
        if (!fits) {
            throw new BadFileException(
                    file.path(),
                    "A %s and B %s do not fit %s, which is %d → %d in %s"
                            .formatted(a.getShape(), b.getShape(), projection.path(), projection.in(), projection.out(), model.name()));
        }
        return new Pair(projection, a, b);
    }

    private NDArray take(String name, NDManager manager) {
        if (!unread.remove(name)) {
            throw new BadFileException(file.path(), "has no tensor \"" + name + "\"");
        }
        return file.read(name, manager);
    }

    /** The weights of a classifier's head, if the file has them. */
    private Map<Parameter, NDArray> head(NDManager staging) {
        if (!(model instanceof Classifier classifier)) {
            return Map.of();
        }
        checkLabels(classifier);
        Projection head = classifier.transformer().head();
        for (String layer : List.of(".base_layer", "")) {
            String key = AdapterWriter.PREFIX + head.path() + layer;
            if (unread.contains(key + ".weight") && unread.contains(key + ".bias")) {
                return Map.of(
                        head.weight(), take(key + ".weight", staging),
                        head.bias(), take(key + ".bias", staging));
            }
        }
        throw new BadFileException(file.path(), "has no classifier head (" + head.path() + "), which a classifier needs");
    }

    private void checkLabels(Classifier classifier) {
        Object labels = file.metadata().get(AdapterWriter.LABELS);
        if (labels != null && !labels.equals(new Gson().toJson(classifier.labels()))) {
            throw new BadFileException(
                    file.path(), "was trained for the labels %s; the classifier has %s".formatted(labels, classifier.labels()));
        }
        Object pooling = file.metadata().get(AdapterWriter.POOLING);
        if (pooling != null) {
            classifier.pooling(Classifier.Pooling.valueOf(pooling.toString()));
        }
    }

    private void checkAllRead(List<Pair> pairs) {
        if (pairs.isEmpty() || !unread.isEmpty()) {
            throw new BadFileException(
                    file.path(),
                    "is not an adapter for %s (%s): %s".formatted(
                            model.name(),
                            model.getClass().getSimpleName(),
                            unread.isEmpty() ? "it holds no LoRA matrices" : "nothing in the model is called " + unread.iterator().next()));
        }
    }

    private LoraAdapter place(Path folder, List<Pair> pairs) {
        Object slices = file.metadata().get(AdapterWriter.SLICES);
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        List<LoraAdapter.Placed> placed = new ArrayList<>();
        model.freeze(true);
        for (Pair pair : pairs) {
            double scale = config.scale(pair.projection().path(), pair.a().getShape().get(0));
            boolean sliced = slices != null && !pair.projection().slices().isEmpty();
            List<Target> targets = sliced
                    ? slices(pair.projection(), slices.toString())
                    : List.of(Target.whole(pair.projection()));
            for (int i = 0; i < targets.size(); i++) {
                placed.add(place(name, pair, targets, i, scale));
            }
        }
        Lora settings = Lora.rank(config.rank())
                .alpha(config.alpha())
                .dropout(config.dropout())
                .on(config.targetModules())
                .named(name);
        return new LoraAdapter(settings, model, placed);
    }

    private static List<Target> slices(Projection projection, String names) {
        return List.of(names.split(",")).stream()
                .map(name -> Target.slice(projection, name).orElseThrow())
                .toList();
    }

    /** A pair as it stands, or the part of a stacked A and a block-diagonal B that belongs to a slice. */
    private LoraAdapter.Placed place(String name, Pair pair, List<Target> targets, int index, double scale) {
        Target target = targets.get(index);
        NDArray a = pair.a();
        NDArray b = pair.b();
        if (target.rows() < pair.projection().out()) {
            long rank = a.getShape().get(0) / targets.size();
            long start = index * rank;
            long firstRow = target.firstRow();
            a = a.get("{}:{}", start, start + rank).duplicate();
            b = b.get("{}:{}, {}:{}", firstRow, firstRow + target.rows(), start, start + rank).duplicate();
        }
        Parameter trainableA = Injection.trainable("lora_A", a);
        Parameter trainableB = Injection.trainable("lora_B", b);
        return Injection.place(name, target, trainableA, trainableB, scale, config.dropout());
    }
}
