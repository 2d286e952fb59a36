package dev.lorikeet.model;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a {@link Classifier} says of a text.
 *
 * @param text that was classified
 * @param label the likeliest
 * @param labels those that hold: the likeliest, or where a text may have several all whose probability is above one half
 * @param probability of that label, 0 to 1
 * @param probabilities of every label, in the order of the classes
 */
public record Prediction(
        String text, String label, List<String> labels, double probability, Map<String, Double> probabilities)
        implements Renderable {

    /** Computes the probabilities of a text's labels from its logits, by softmax. */
    public static Prediction of(String text, List<String> labels, float[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        Map<String, Double> probabilities = new LinkedHashMap<>();
        for (int i = 0; i < logits.length; i++) {
            probabilities.put(labels.get(i), Math.exp(logits[i] - max) / sum);
        }
        Map.Entry<String, Double> best = probabilities.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow();
        return new Prediction(text, best.getKey(), List.of(best.getKey()), best.getValue(), probabilities);
    }

    /** Computes the probability of each label by itself, by the logistic function, where a text may have several. */
    public static Prediction ofEach(String text, List<String> labels, float[] logits) {
        Map<String, Double> probabilities = new LinkedHashMap<>();
        for (int i = 0; i < logits.length; i++) {
            probabilities.put(labels.get(i), 1 / (1 + Math.exp(-logits[i])));
        }
        Map.Entry<String, Double> best = probabilities.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow();
        List<String> holding =
                labels.stream().filter(label -> probabilities.get(label) > 0.5).toList();
        return new Prediction(text, best.getKey(), holding, best.getValue(), probabilities);
    }

    @Override
    public String toString() {
        return labels.equals(List.of(label))
                ? "%s (%s): %s".formatted(label, Quantities.percent(probability), text)
                : "%s: %s".formatted(named(), text);
    }

    @Override
    public String html() {
        return "<div style=\"white-space: pre-wrap\"><b>%s</b> <small>(%s)</small><br>%s</div>"
                .formatted(HtmlTable.escape(named()), HtmlTable.escape(details()), HtmlTable.escape(text));
    }

    /** The labels that hold in one line. */
    public String named() {
        return named(labels);
    }

    /** Labels in one line, "none" if there are none. */
    public static String named(List<String> labels) {
        return labels.isEmpty() ? "none" : String.join(", ", labels);
    }

    /** All probabilities in one line, such as "ham 0.02, spam 0.98". */
    public String details() {
        return probabilities.entrySet().stream()
                .map(entry -> entry.getKey() + " " + Quantities.percent(entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
