package dev.lorikeet.train.loss;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How much each label counts in the loss of a classifier: once unless set. */
public interface ClassWeights {

    ClassWeights EQUAL = (labels, classes) -> new double[0];

    /** As scikit-learn's "balanced": the rows over the labels times the rows of this label, so that all labels count the same in sum. */
    ClassWeights BALANCED = (labels, classes) -> {
        long[] rows = new long[labels.size()];
        Arrays.stream(classes).forEach(label -> rows[label]++);
        long present = Arrays.stream(rows).filter(count -> count > 0).count();
        return Arrays.stream(rows)
                .mapToDouble(count -> count == 0 ? 1 : (double) classes.length / (present * count))
                .toArray();
    };

    /**
     * The weight of each label; empty if all count once.
     *
     * @param classes of the training rows
     */
    double[] of(List<String> labels, int... classes);

    /**
     * Creates the weights of some labels.
     *
     * @throws UnknownNameException if a label is none of the model's; it names the nearest one
     * @throws BadArgumentException if a weight is not positive and finite
     */
    static ClassWeights of(Map<String, Double> weights, List<String> known) {
        BadArgumentException.unless(!weights.isEmpty(), "class weights", weights, "a weight for some labels");
        new TreeMap<>(weights).forEach((label, weight) -> {
            if (!known.contains(label)) {
                throw new UnknownNameException("label", label, known);
            }
            BadArgumentException.unless(
                    weight != null && weight > 0 && Double.isFinite(weight),
                    "class weight of " + label,
                    weight,
                    "a positive number, such as 5");
        });
        Map<String, Double> kept = Map.copyOf(weights);
        return (labels, classes) -> labels.stream()
                .mapToDouble(label -> kept.getOrDefault(label, 1.0))
                .toArray();
    }
}
