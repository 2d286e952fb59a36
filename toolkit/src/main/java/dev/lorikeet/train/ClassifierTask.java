package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Batches;
import dev.lorikeet.data.Example;
import dev.lorikeet.data.Examples;
import dev.lorikeet.data.Splits;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.TokenCheck;
import dev.lorikeet.train.score.Score;
import dev.lorikeet.train.step.ClassWeights;
import dev.lorikeet.train.step.ClassifierObjective;
import dev.lorikeet.train.step.Objective;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tech.tablesaw.api.Table;

/** Classification of labelled texts. */
final class ClassifierTask implements Task {

    private static final String VALIDATION = "validation";

    private final Classifier model;
    private final TuningSettings settings;
    private final Examples train;
    private final Examples validation;
    private final Batches batches;
    private final double[] classWeights;

    ClassifierTask(Classifier model, Splits splits, TuningSettings settings, ClassWeights classWeights) {
        this.model = model;
        this.settings = settings;
        this.train = encode("training", splits.train());
        this.validation = encode("validation", splits.validation());
        encode("test", splits.test());
        BadArgumentException.unless(
                train.size() >= settings.batchSize(),
                "batch size",
                settings.batchSize(),
                "at most " + train.size() + ", the rows of the training split: an incomplete batch is left out");
        Batches ordered = Batches.of(train)
                .size(settings.batchSize())
                .padId(model.padId())
                .shuffled(settings.seed())
                .dropLast();
        this.batches =
                settings.width().isPresent() ? ordered.padTo(settings.width().getAsInt()) : ordered;
        this.classWeights = model.isMultiLabel()
                ? new double[0]
                : classWeights.of(
                        model.labels(), train.stream().mapToInt(Example::label).toArray());
    }

    private Examples encode(String part, Table table) {
        Examples examples = Examples.encode(
                table,
                model.tokenizer(),
                model.labels(),
                settings.width().orElse(model.config().contextLength()),
                model.isMultiLabel());
        TokenCheck.check(model, "the " + part + " texts", examples.stream().map(Example::ids));
        return examples;
    }

    @Override
    public Objective objective() {
        return new ClassifierObjective(model, classWeights);
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
        return score(train);
    }

    @Override
    public Score validationScore() {
        return score(validation);
    }

    private Score score(Examples examples) {
        return evaluation().batches(settings.evaluationBatches()).on(examples);
    }

    private Evaluation evaluation() {
        Evaluation evaluation =
                Evaluation.of(model).batchSize(settings.batchSize()).quietly();
        return settings.width().isPresent() ? evaluation.padTo(settings.width().getAsInt()) : evaluation;
    }

    @Override
    public Set<String> validationSplits() {
        return hasValidation() ? Set.of(VALIDATION) : Set.of();
    }

    @Override
    public double loss(String split) {
        return evaluation().on(validation).loss();
    }

    @Override
    public Map<String, String> fingerprint() {
        Map<String, String> fingerprint = new LinkedHashMap<>(RunFingerprint.ofData(
                describe(train),
                validation.isEmpty() ? "" : describe(validation),
                batches.epoch(0).stream().map(Batch::ids)));
        fingerprint.put("labels", model.labels().toString());
        fingerprint.put("pooling", model.pooling().toString());
        fingerprint.put("pad_to", settings.width().toString());
        fingerprint.put("class_weights", classWeights.length == 0 ? "" : Arrays.toString(classWeights));
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
        int truncated = train.truncated();
        int width = settings.width().orElse(model.config().contextLength());
        return truncated == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%,d training texts are longer than %,d tokens and are truncated",
                        truncated,
                        width);
    }
}
