package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.pair.Pairs;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TokenCheck;
import dev.lorikeet.train.score.Score;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.Objective;
import dev.lorikeet.train.step.PairObjective;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Vectors of texts that belong together. */
final class PairTask implements Task {

    private static final String VALIDATION = "validation";

    private final PairObjective objective;
    private final Pairs train;
    private final Optional<Pairs> validation;
    private final TuningSettings settings;

    PairTask(PairObjective objective, Pairs train, Optional<Pairs> validation, TuningSettings settings) {
        this.objective = objective;
        this.train = train;
        this.validation = validation;
        this.settings = settings;
        TokenCheck.check(model(), "the training texts", train.ids());
        validation.ifPresent(pairs -> TokenCheck.check(model(), "the validation texts", pairs.ids()));
        BadArgumentException.unless(
                train.size() >= settings.batchSize(),
                "batch size",
                settings.batchSize(),
                "at most " + train.size() + ", the pairs to train on: an incomplete batch is left out");
    }

    private PretrainedModel model() {
        return objective.model();
    }

    @Override
    public Objective objective() {
        return objective;
    }

    @Override
    public int batchesPerEpoch() {
        return train.size() / settings.batchSize();
    }

    @Override
    public List<Batch> epoch(int number) {
        return train.epoch(number, settings.batchSize(), settings.seed(), model().padId());
    }

    @Override
    public boolean hasValidation() {
        return validation.isPresent();
    }

    @Override
    public Score trainingScore() {
        return score(train, settings.evaluationBatches());
    }

    @Override
    public Score validationScore() {
        return validation
                .map(pairs -> score(pairs, settings.evaluationBatches()))
                .orElse(Score.NONE);
    }

    private Score score(Pairs pairs, int batches) {
        List<Batch> chosen = pairs.inOrder(settings.batchSize(), model().padId()).stream()
                .limit(batches)
                .toList();
        int examples = chosen.stream().mapToInt(Batch::examples).sum();
        return Score.of(BackwardPass.evaluate(objective, chosen), examples);
    }

    @Override
    public Set<String> validationSplits() {
        return hasValidation() ? Set.of(VALIDATION) : Set.of();
    }

    @Override
    public Score score(String split) {
        return score(validation.orElseThrow(), Integer.MAX_VALUE);
    }

    @Override
    public Map<String, String> fingerprint() {
        Map<String, String> fingerprint = new LinkedHashMap<>(RunFingerprint.ofData(
                describe(train),
                validation.map(PairTask::describe).orElse(""),
                epoch(0).stream().map(Batch::ids)));
        fingerprint.put("pooling", objective.pooling().toString());
        fingerprint.put("scale", String.valueOf(objective.scale()));
        return fingerprint;
    }

    private static String describe(Pairs pairs) {
        return String.format(Locale.ROOT, "%,d pairs, hash %s", pairs.size(), pairs.digest());
    }

    @Override
    public String notice() {
        return train.full() == 0
                ? ""
                : "In %s a text has %d tokens or more; what comes after them is cut"
                        .formatted(Quantities.counted(train.full(), "training pair"), train.longest());
    }
}
