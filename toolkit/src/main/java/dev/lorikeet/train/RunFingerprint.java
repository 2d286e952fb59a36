package dev.lorikeet.train;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import dev.lorikeet.lora.ActiveAdapters;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.tensor.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What must be the same for a run to go on as if it had never stopped, by name and in words. */
final class RunFingerprint {

    /** Reported only if nothing else differs, as it follows from data, batch size and seed. */
    private static final String ORDER = "order of the batches";

    private RunFingerprint() {}

    static Map<String, String> of(LanguageModel model, Task<?> task, TuningSettings settings) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", model.name());
        facts.put("shape of the model", model.config().toString());
        facts.put("precision", model.precision().toString());
        facts.put("adapter", String.join("; ", ActiveAdapters.describe(model)));
        facts.put(
                "trained numbers",
                String.format(Locale.ROOT, "%,d", model.parameterCount().trainable()));
        facts.put("frozen weights", frozenWeights(model));
        facts.putAll(task.facts());
        addSettings(facts, settings);
        return facts;
    }

    private static void addSettings(Map<String, String> facts, TuningSettings settings) {
        facts.put("batch size", String.valueOf(settings.batchSize()));
        facts.put("accumulation", String.valueOf(settings.accumulation()));
        facts.put("optimizer", settings.optimizer().toString());
        facts.put("schedule", settings.schedule().toString());
        if (settings.schedule().shape() != Schedule.Shape.CONSTANT) {
            // The rate of each step depends on how many there will be.
            facts.put("epochs", String.valueOf(settings.epochs()));
            facts.put("limit of steps", String.valueOf(settings.maxSteps()));
        }
        facts.put("norm to which is clipped", String.valueOf(settings.maxNorm()));
        facts.put("steps between evaluations", String.valueOf(settings.evaluateEvery()));
        facts.put("batches of an evaluation", String.valueOf(settings.evaluationBatches()));
        facts.put("patience", String.valueOf(settings.patience()));
        facts.put("seed", String.valueOf(settings.seed()));
    }

    /**
     * The norm of all that is not trained, so that another base of the same shape shows. Nine digits are alike on every
     * machine.
     */
    private static String frozenWeights(LanguageModel model) {
        NDList frozen = new NDList();
        for (Parameter parameter : model.parameters()) {
            if (!parameter.requiresGradient()) {
                frozen.add(parameter.getArray());
            }
        }
        return frozen.isEmpty() ? "none" : String.format(Locale.ROOT, "of norm %.8e", Math.sqrt(Ops.squareSum(frozen)));
    }

    /**
     * The facts of a data set and the order in which a run goes through it.
     *
     * @param ids of the first epoch's batches
     */
    static Map<String, String> ofData(String train, String validation, Stream<int[][]> ids) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("training data", train);
        facts.put("validation data", validation);
        facts.put(
                ORDER,
                Integer.toHexString(ids.map(Arrays::deepHashCode).toList().hashCode()));
        return facts;
    }

    /** What differs, each as "batch size is 4 there and 8 here". */
    static List<String> differences(Map<String, String> there, Map<String, String> here) {
        List<String> differences = new ArrayList<>();
        for (String name : here.keySet()) {
            String before = there.getOrDefault(name, "");
            if (!Objects.equals(before, here.get(name)) && !(name.equals(ORDER) && !differences.isEmpty())) {
                differences.add("%s is %s there and %s here".formatted(name, orNone(before), orNone(here.get(name))));
            }
        }
        return differences;
    }

    private static String orNone(String value) {
        return value.isEmpty() ? "none" : value;
    }
}
