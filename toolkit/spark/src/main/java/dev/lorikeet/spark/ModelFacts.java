package dev.lorikeet.spark;

import dev.lorikeet.lora.ActiveAdapters;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.summary.WeightsDigest;
import dev.lorikeet.train.step.TrainedParameters;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What must be the same of a model on every machine.
 *
 * @param weights hash of the frozen weights
 * @param adapters rank, scale, dropout and targets of each
 * @param trained names and shapes of the trained parameters
 */
record ModelFacts(String weights, String dtype, String adapters, String trained) implements Serializable {

    static ModelFacts of(LanguageModel model) {
        return new ModelFacts(
                WeightsDigest.of(model.transformer()),
                model.computeDtype().toString(),
                String.join("; ", ActiveAdapters.describe(model)),
                TrainedParameters.of(model).shapes().toString());
    }

    /** Says how another machine's model differs, such as "its weights have the hash 3af… instead of 9c1…"; empty if it does not. */
    List<String> differences(ModelFacts other) {
        List<String> differences = new ArrayList<>();
        add(differences, "its frozen weights have the hash", weights, other.weights);
        add(differences, "it computes in", dtype, other.dtype);
        add(differences, "its adapter is", adapters, other.adapters);
        if (differences.isEmpty()) {
            add(differences, "it trains", trained, other.trained);
        }
        return differences;
    }

    private static void add(List<String> differences, String what, String expected, String found) {
        if (!expected.equals(found)) {
            differences.add("%s %s instead of %s".formatted(what, found, expected));
        }
    }
}
