package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Batches;
import dev.lorikeet.data.Example;
import dev.lorikeet.data.Examples;
import dev.lorikeet.model.TaskModel;
import dev.lorikeet.model.TokenCheck;
import dev.lorikeet.train.score.Score;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.Objective;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Examples of what a model with a task should say. */
final class ExampleTask implements Task {

    private static final String VALIDATION = "validation";

    private final TaskModel model;
    private final Objective objective;
    private final Objective evaluated;
    private final Map<String, String> properties;
    private final TuningSettings settings;
    private final Examples train;
    private final Examples validation;
    private final Batches batches;

    /**
     * @param evaluated what evaluations report, without weights
     * @param properties more than the data that must not change when a run resumes
     */
    ExampleTask(
            TaskModel model,
            Objective objective,
            Objective evaluated,
            Map<String, String> properties,
            TuningSettings settings,
            Examples train,
            Examples validation) {
        this.model = model;
        this.objective = objective;
        this.evaluated = evaluated;
        this.properties = new LinkedHashMap<>(properties);
        this.settings = settings;
        this.train = train;
        this.validation = validation;
        TokenCheck.check(model, "the training texts", train.stream().map(Example::ids));
        TokenCheck.check(model, "the validation texts", validation.stream().map(Example::ids));
        BadArgumentException.unless(
                train.size() >= settings.batchSize(),
                "batch size",
                settings.batchSize(),
                "at most " + train.size() + ", the rows of the training split: an incomplete batch is left out");
        this.batches = batched(train).shuffled(settings.seed()).dropLast();
    }

    private Batches batched(List<Example> examples) {
        Batches ordered = Batches.of(examples).size(settings.batchSize()).padId(model.padId());
        return settings.width().isPresent() ? ordered.padTo(settings.width().getAsInt()) : ordered;
    }

    @Override
    public Objective objective() {
        return objective;
    }

    @Override
    public int batchesPerEpoch() {
        return batches.perEpoch();
    }

    @Override
    public List<Batch> epoch(int number) {
        return batches.epoch(number);
    }

    @Override
    public boolean isEvaluated() {
        return true;
    }

    @Override
    public boolean hasValidation() {
        return !validation.isEmpty();
    }

    @Override
    public Score trainingScore() {
        return score(train, settings.evaluationBatches());
    }

    @Override
    public Score validationScore() {
        return score(validation, settings.evaluationBatches());
    }

    /** On the first so many batches. */
    private Score score(Examples examples, int most) {
        if (examples.isEmpty()) {
            return Score.NONE;
        }
        int chosen = (int) Math.min(examples.size(), (long) most * settings.batchSize());
        List<Batch> all = batched(examples.subList(0, chosen)).epoch(0);
        int targets = all.stream().mapToInt(Batch::targetCount).sum();
        return Score.of(BackwardPass.evaluate(evaluated, all), targets);
    }

    @Override
    public Set<String> validationSplits() {
        return hasValidation() ? Set.of(VALIDATION) : Set.of();
    }

    @Override
    public Score score(String split) {
        return score(validation, Integer.MAX_VALUE);
    }

    @Override
    public Map<String, String> fingerprint() {
        Map<String, String> fingerprint = new LinkedHashMap<>(RunFingerprint.ofData(
                describe(train),
                validation.isEmpty() ? "" : describe(validation),
                batches.epoch(0).stream().map(Batch::ids)));
        fingerprint.put("labels", model.labels().toString());
        fingerprint.put("pad_to", settings.width().toString());
        fingerprint.putAll(properties);
        return fingerprint;
    }

    private static String describe(Examples examples) {
        return String.format(
                Locale.ROOT,
                "%,d examples, hash %s",
                examples.size(),
                Batches.of(examples).digest());
    }

    @Override
    public String notice() {
        int width = settings.width().orElse(model.config().contextLength());
        return train.truncated() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%,d training texts are longer than %,d tokens and are truncated",
                        train.truncated(),
                        width);
    }
}
