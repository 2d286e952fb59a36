package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.CausalBatches;
import dev.lorikeet.data.Documents;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TokenCheck;
import dev.lorikeet.train.score.Score;
import dev.lorikeet.train.score.TokenScore;
import dev.lorikeet.train.step.CausalObjective;
import dev.lorikeet.train.step.Objective;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Next-token prediction on documents. */
final class CausalTask implements Task {

    private final PretrainedModel model;
    private final CausalBatches train;
    private final CausalBatches validation;
    private final String validationName;
    private final TuningSettings settings;

    /**
     * @param validation documents to evaluate; null for none
     * @param validationName name of that split
     */
    CausalTask(
            PretrainedModel model,
            Documents train,
            Documents validation,
            String validationName,
            TuningSettings settings) {
        this.model = model;
        this.validationName = validationName;
        this.settings = settings;
        model.checkWrites();
        BadArgumentException.unless(
                train.length() <= model.config().contextLength(),
                "document length",
                train.length(),
                "at most " + model.config().contextLength() + ", the context of " + model.name());
        this.train = train.batches(model.tokenizer());
        this.validation = validation == null ? null : validation.sortedBatches(model.tokenizer());
        TokenCheck.check(model, "the training texts", this.train.ids());
        if (validation != null) {
            TokenCheck.check(model, "the validation texts", this.validation.ids());
        }
        BadArgumentException.unless(
                this.train.perEpoch() > 0, "documents", this.train, "at least one full batch, or no dropLast()");
    }

    @Override
    public Objective objective() {
        return new CausalObjective(model);
    }

    @Override
    public int batchesPerEpoch() {
        return train.perEpoch();
    }

    @Override
    public List<Batch> epoch(int number) {
        return train.epoch(number);
    }

    @Override
    public boolean hasValidation() {
        return validation != null;
    }

    @Override
    public Score trainingScore() {
        return score(train, settings.evaluationBatches());
    }

    @Override
    public Score validationScore() {
        return validation == null ? Score.NONE : score(validation, settings.evaluationBatches());
    }

    private Score score(CausalBatches batches, int most) {
        TokenScore score = CausalEvaluation.score(model, batches, most, true);
        return new Score(score.accuracy(), score.loss(), Math.toIntExact(score.tokens()));
    }

    @Override
    public Set<String> validationSplits() {
        return validation == null ? Set.of() : Set.of(validationName);
    }

    @Override
    public Score score(String split) {
        return score(validation, Integer.MAX_VALUE);
    }

    @Override
    public String formatLoss(double loss) {
        return String.format(Locale.ROOT, "%s, perplexity %.1f", Quantities.loss(loss), Math.exp(loss));
    }

    @Override
    public Map<String, String> fingerprint() {
        return RunFingerprint.ofData(
                describe(train),
                validation == null ? "" : describe(validation),
                train.epoch(0).stream().map(Batch::ids));
    }

    private static String describe(CausalBatches batches) {
        return String.format(Locale.ROOT, "%,d texts, hash %s", batches.texts(), batches.digest());
    }

    @Override
    public String notice() {
        return Stream.concat(
                        train.losses().stream().map(line -> "Training texts: " + line),
                        validation == null
                                ? Stream.empty()
                                : validation.losses().stream().map(line -> "Validation texts: " + line))
                .collect(Collectors.joining("\n"));
    }
}
