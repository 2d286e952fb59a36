package dev.lorikeet.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.weights.Safetensors;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The arrays of a run that change, in one safetensors file: the trained weights and what the optimizer keeps of each. */
final class TrainedArrays {

    private static final String WEIGHT = "weight ";
    private static final String MEAN = "mean ";
    private static final String VARIANCE = "variance ";

    private TrainedArrays() {}

    static void write(Path file, LanguageModel model, Optimizer optimizer) {
        Safetensors.write(file, arrays(model, optimizer.moments()), Map.of("format", "pt"));
    }

    /** Puts weights and optimizer state back; nothing is changed unless all of it is there and fits. */
    static void restore(Path file, LanguageModel model, Optimizer optimizer) {
        assign(file, arrays(model, optimizer.moments()), model);
    }

    /** Puts the weights back; nothing is changed unless all of them are there and fit. */
    static void restoreWeights(Path file, LanguageModel model) {
        assign(file, arrays(model, Map.of()), model);
    }

    private static Map<String, NDArray> arrays(LanguageModel model, Map<Parameter, Optimizer.Moments> moments) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        names(model).forEach((parameter, name) -> {
            arrays.put(WEIGHT + name, parameter.getArray());
            if (moments.containsKey(parameter)) {
                arrays.put(MEAN + name, moments.get(parameter).mean());
                arrays.put(VARIANCE + name, moments.get(parameter).variance());
            }
        });
        return arrays;
    }

    /** The trained parameters and their names: those of the checkpoint's, and for matrices of an adapter where they are. */
    private static Map<Parameter, String> names(LanguageModel model) {
        Map<Parameter, String> ofAdapters = new IdentityHashMap<>();
        for (Projection projection : model.transformer().projections()) {
            for (LoraWeights delta : projection.deltas()) {
                String path = String.join(" ", projection.path(), delta.adapter(), delta.target());
                ofAdapters.put(delta.a(), path + " lora_A");
                ofAdapters.put(delta.b(), path + " lora_B");
            }
        }
        Map<Parameter, String> names = new IdentityHashMap<>();
        model.parameters().stream()
                .filter(Parameter::requiresGradient)
                .forEach(parameter -> names.put(parameter, ofAdapters.getOrDefault(parameter, parameter.getName())));
        return names;
    }

    private static void assign(Path path, Map<String, NDArray> targets, LanguageModel model) {
        try (TensorFile file = TensorFile.open(path);
                NDManager staging = model.manager().newSubManager()) {
            check(file, targets);
            Map<String, NDArray> found = new LinkedHashMap<>();
            targets.keySet().forEach(name -> found.put(name, file.read(name, staging)));
            targets.forEach((name, target) -> Ops.assign(target, found.get(name)));
        }
    }

    private static void check(TensorFile file, Map<String, NDArray> targets) {
        List<String> differences = new ArrayList<>();
        for (String name : new TreeSet<>(targets.keySet())) {
            if (!file.names().contains(name)) {
                differences.add(name + " is not there");
            } else if (!file.entry(name).shape().equals(targets.get(name).getShape())) {
                differences.add("%s is %s there and %s here"
                        .formatted(
                                name,
                                file.entry(name).shape(),
                                targets.get(name).getShape()));
            }
        }
        file.names().stream()
                .filter(name -> name.startsWith(WEIGHT) && !targets.containsKey(name))
                .forEach(name -> differences.add(name + " is not trained here"));
        if (!differences.isEmpty()) {
            throw new CheckpointMismatchException(file.path(), differences.subList(0, Math.min(3, differences.size())));
        }
    }
}
