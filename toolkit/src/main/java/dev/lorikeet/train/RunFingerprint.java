package dev.lorikeet.train;

import dev.lorikeet.lora.ActiveAdapters;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.summary.WeightsDigest;
import dev.lorikeet.train.loss.CrossEntropy;
import dev.lorikeet.train.loss.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The properties of a run that must not change when it resumes, as text by name. */
final class RunFingerprint {

    /** Reported only if nothing else differs, as it follows from data, batch size and seed. */
    private static final String BATCH_ORDER = "batch_order";

    private static final String FROZEN_WEIGHTS = "frozen_weights_sha256";

    private RunFingerprint() {}

    static Map<String, String> of(LanguageModel model, Task task, TuningSettings settings) {
        Map<String, String> fingerprint = new LinkedHashMap<>();
        fingerprint.put("model", model.name());
        fingerprint.put("model_config", model.config().toString());
        fingerprint.put("compute_dtype", model.computeDtype().toString());
        fingerprint.put("adapters", String.join("; ", ActiveAdapters.describe(model)));
        fingerprint.put(
                "trainable_parameters",
                String.format(Locale.ROOT, "%,d", model.parameterCount().trainable()));
        fingerprint.put(FROZEN_WEIGHTS, WeightsDigest.of(model.transformer()));
        fingerprint.putAll(task.fingerprint());
        addSettings(fingerprint, settings);
        return fingerprint;
    }

    private static void addSettings(Map<String, String> fingerprint, TuningSettings settings) {
        fingerprint.put("batch_size", String.valueOf(settings.batchSize()));
        fingerprint.put("gradient_accumulation_steps", String.valueOf(settings.accumulation()));
        fingerprint.put("optimizer", settings.optimizer().toString());
        fingerprint.put("lr_scheduler", settings.schedule().toString());
        if (settings.schedule().shape() != Schedule.Shape.CONSTANT) {
            // The learning rate of each step depends on the number of steps.
            fingerprint.put("epochs", String.valueOf(settings.epochs()));
            fingerprint.put("max_steps", String.valueOf(settings.maxSteps()));
        }
        fingerprint.put("max_grad_norm", String.valueOf(settings.maxNorm()));
        fingerprint.put("eval_steps", String.valueOf(settings.evaluateEvery()));
        fingerprint.put("eval_batches", String.valueOf(settings.evaluationBatches()));
        fingerprint.put("early_stopping_patience", String.valueOf(settings.patience()));
        fingerprint.put("loss", loss(settings.loss()));
        fingerprint.put("seed", String.valueOf(settings.seed()));
    }

    /** A lambda cannot be told from another one. */
    private static String loss(Loss loss) {
        if (loss instanceof CrossEntropy) {
            return "";
        }
        return loss instanceof Record ? loss.toString() : "a loss of your own";
    }

    /**
     * The fingerprint of the data and of the order of its batches.
     *
     * @param ids token ids of the first epoch's batches
     */
    static Map<String, String> ofData(String train, String validation, Stream<int[][]> ids) {
        Map<String, String> fingerprint = new LinkedHashMap<>();
        fingerprint.put("train_data", train);
        fingerprint.put("validation_data", validation);
        fingerprint.put(
                BATCH_ORDER,
                Integer.toHexString(ids.map(Arrays::deepHashCode).toList().hashCode()));
        return fingerprint;
    }

    /** Lists the differences, each as "batch_size is 4 in the checkpoint and 8 in this run". */
    static List<String> differences(Map<String, String> checkpoint, Map<String, String> run) {
        List<String> differences = new ArrayList<>();
        for (String name : run.keySet()) {
            String stored = checkpoint.getOrDefault(name, "");
            boolean implied = name.equals(BATCH_ORDER) && !differences.isEmpty();
            if (name.equals(FROZEN_WEIGHTS) && stored.isEmpty()) {
                // Checkpoints of earlier versions have another measure of them.
                continue;
            }
            if (!Objects.equals(stored, run.get(name)) && !implied) {
                differences.add("%s is %s in the checkpoint and %s in this run"
                        .formatted(name, orNone(stored), orNone(run.get(name))));
            }
        }
        return differences;
    }

    private static String orNone(String value) {
        return value.isEmpty() ? "none" : value;
    }
}
