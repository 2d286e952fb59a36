package dev.lorikeet.train;

import dev.lorikeet.data.Batch;
import dev.lorikeet.data.stream.StreamedBatches;
import dev.lorikeet.data.stream.TextStream;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.train.score.Score;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.ClassifierObjective;
import dev.lorikeet.train.step.Objective;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tech.tablesaw.api.Table;

/** Classification of labelled texts that are read while the training goes on. */
final class StreamTask implements Task {

    private static final String VALIDATION = "validation";

    /** Batches that stand for all: their largest is what the memory is estimated by. */
    private static final int SAMPLE = 20;

    private final Classifier model;
    private final TextStream texts;
    private final Optional<Table> validation;
    private final TuningSettings settings;
    private final List<Batch> sample;
    private StreamedBatches current;

    StreamTask(Classifier model, TextStream texts, Optional<Table> validation, TuningSettings settings) {
        this.model = model;
        this.texts = texts;
        this.validation = validation;
        this.settings = settings;
        try (StreamedBatches first = batches(0)) {
            this.sample = List.copyOf(first.subList(0, Math.min(first.size(), SAMPLE)));
        }
    }

    @Override
    public Objective objective() {
        return new ClassifierObjective(model);
    }

    @Override
    public int batchesPerEpoch() {
        return batches(0).size();
    }

    @Override
    public List<Batch> epoch(int number) {
        if (current != null) {
            current.close();
        }
        current = batches(number);
        return current;
    }

    private StreamedBatches batches(int epoch) {
        return new StreamedBatches(
                texts,
                model.tokenizer(),
                model.labels(),
                settings.width().orElse(model.config().contextLength()),
                settings.batchSize(),
                model.padId(),
                settings.seed() * 31 + epoch);
    }

    @Override
    public List<Batch> sample() {
        return sample;
    }

    @Override
    public boolean hasValidation() {
        return validation.isPresent();
    }

    /** On the first batches of the first epoch: others would have to be read again. */
    @Override
    public Score trainingScore() {
        List<Batch> first =
                sample().stream().limit(settings.evaluationBatches()).toList();
        return Score.of(BackwardPass.evaluate(objective(), first), first.size() * settings.batchSize());
    }

    @Override
    public Score validationScore() {
        return validation
                .map(table -> evaluation().batches(settings.evaluationBatches()).on(table))
                .orElse(Score.NONE);
    }

    private Evaluation evaluation() {
        return Evaluation.of(model).batchSize(settings.batchSize()).quietly();
    }

    @Override
    public Set<String> validationSplits() {
        return hasValidation() ? Set.of(VALIDATION) : Set.of();
    }

    @Override
    public Score score(String split) {
        return evaluation().on(validation.orElseThrow());
    }

    @Override
    public Map<String, String> fingerprint() {
        Stream<int[][]> ids = sample().stream().map(Batch::ids);
        Map<String, String> fingerprint = new LinkedHashMap<>(RunFingerprint.ofData(
                texts.toString(),
                validation.map(table -> table.rowCount() + " rows").orElse(""),
                ids));
        fingerprint.put("labels", model.labels().toString());
        fingerprint.put("pooling", model.pooling().toString());
        return fingerprint;
    }

    @Override
    public String notice() {
        return "";
    }

    /** Only this process can read the stream. */
    private void writeObject(ObjectOutputStream out) throws IOException {
        throw new NotSerializableException(
                "stream of texts, %s; on(splits) takes texts that are in memory".formatted(texts));
    }
}
