package dev.lorikeet.train.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.train.step.Optimizer;
import dev.lorikeet.train.step.TrainedParameters;
import dev.lorikeet.weights.Safetensors;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Stores the trained weights and the optimizer state of a run in one safetensors file. */
public final class TrainedArrays {

    private static final String WEIGHT = "weight.";
    private static final String EXP_AVG = "exp_avg.";
    private static final String EXP_AVG_SQ = "exp_avg_sq.";

    private TrainedArrays() {}

    static void write(Path file, LanguageModel model, Optimizer optimizer) {
        Safetensors.write(file, arrays(model, optimizer.moments()), Map.of("format", "pt"));
    }

    /** Restores weights and optimizer state; changes nothing unless all arrays are there and fit. */
    public static void restore(Path file, LanguageModel model, Optimizer optimizer) {
        assign(file, arrays(model, optimizer.moments()), model);
    }

    /** Restores the weights; changes nothing unless all of them are there and fit. */
    static void restoreWeights(Path file, LanguageModel model) {
        assign(file, arrays(model, Map.of()), model);
    }

    private static Map<String, NDArray> arrays(LanguageModel model, Map<Parameter, Optimizer.Moments> moments) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        TrainedParameters.names(model).forEach((parameter, name) -> {
            arrays.put(WEIGHT + name, parameter.getArray());
            if (moments.containsKey(parameter)) {
                arrays.put(EXP_AVG + name, moments.get(parameter).mean());
                arrays.put(EXP_AVG_SQ + name, moments.get(parameter).variance());
            }
        });
        return arrays;
    }

    private static void assign(Path path, Map<String, NDArray> targets, LanguageModel model) {
        try (TensorFile file = TensorFile.open(path);
                NDManager staging = model.manager().newSubManager()) {
            check(file, targets);
            Map<String, NDArray> stored = new LinkedHashMap<>();
            targets.keySet().forEach(name -> stored.put(name, file.read(name, staging)));
            targets.forEach((name, target) -> Ops.assign(target, stored.get(name)));
        }
    }

    private static void check(TensorFile file, Map<String, NDArray> targets) {
        List<String> differences = new ArrayList<>();
        for (String name : new TreeSet<>(targets.keySet())) {
            if (!file.names().contains(name)) {
                differences.add(name + " is missing in the checkpoint");
            } else if (!file.entry(name).shape().equals(targets.get(name).getShape())) {
                differences.add("%s is %s in the checkpoint and %s in this model"
                        .formatted(
                                name,
                                file.entry(name).shape(),
                                targets.get(name).getShape()));
            }
        }
        file.names().stream()
                .filter(name -> name.startsWith(WEIGHT) && !targets.containsKey(name))
                .forEach(name -> differences.add(name + " is not trainable in this model"));
        if (!differences.isEmpty()) {
            throw new CheckpointMismatchException(file.path(), differences.subList(0, Math.min(3, differences.size())));
        }
    }
}
