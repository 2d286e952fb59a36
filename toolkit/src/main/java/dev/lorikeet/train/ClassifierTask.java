package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Batches;
import dev.lorikeet.data.Examples;
import dev.lorikeet.data.Splits;
import dev.lorikeet.model.Classifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tech.tablesaw.api.Table;

/** Labelled texts. */
final class ClassifierTask implements Task<Batch> {

    private static final String VALIDATION = "validation";

    private final Classifier model;
    private final TuningSettings settings;
    private final Examples train;
    private final Examples validation;
    private final Batches batches;

    ClassifierTask(Classifier model, Splits splits, TuningSettings settings) {
        this.model = model;
        this.settings = settings;
        this.train = encode(splits.train());
        this.validation = encode(splits.validation());
        BadArgumentException.unless(
                train.size() >= settings.batchSize(),
                "batch size",
                settings.batchSize(),
                "at most " + train.size() + ", the rows of the training part: an incomplete batch is left out");
        Batches order = Batches.of(train)
                .size(settings.batchSize())
                .padId(model.padId())
                .shuffled(settings.seed())
                .dropLast();
        this.batches =
                settings.width().isPresent() ? order.padTo(settings.width().getAsInt()) : order;
    }

    private Examples encode(Table table) {
        return Examples.encode(
                table, model.tokenizer(), model.labels(), model.config().contextLength());
    }

    @Override
    public Objective<Batch> objective() {
        return new ClassifierObjective(model);
    }

    @Override
    public int perEpoch() {
        return batches.perEpoch();
    }

    @Override
    public List<Batch> epoch(int number) {
        return batches.epoch(number);
    }

    @Override
    public boolean isWatched() {
        return true;
    }

    @Override
    public boolean hasValidation() {
        return !validation.isEmpty();
    }

    @Override
    public Score onTraining() {
        return score(train);
    }

    @Override
    public Score onValidation() {
        return score(validation);
    }

    private Score score(Examples examples) {
        return evaluation().batches(settings.evaluationBatches()).on(examples);
    }

    private Evaluation evaluation() {
        Evaluation evaluation =
                Evaluation.of(model).batchSize(settings.batchSize()).silently();
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
    public Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>(RunFingerprint.ofData(
                inWords(train),
                validation.isEmpty() ? "" : inWords(validation),
                batches.epoch(0).stream().map(Batch::ids)));
        facts.put("labels", model.labels().toString());
        facts.put("pooling", model.pooling().toString());
        facts.put("width", settings.width().toString());
        return facts;
    }

    private static String inWords(Examples examples) {
        return String.format(
                Locale.ROOT,
                "%,d examples of sum %s",
                examples.size(),
                Batches.of(examples).digest());
    }

    @Override
    public String remark() {
        int cut = settings.width().isPresent() ? batches.truncated() : train.truncated();
        int width = settings.width().orElse(model.config().contextLength());
        return cut == 0
                ? ""
                : String.format(
                        Locale.ROOT, "%,d training texts are longer than %,d tokens and lose their end", cut, width);
    }
}
