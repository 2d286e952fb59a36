package dev.lorikeet.train.sweep;

import ai.djl.engine.EngineException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.lora.LoraConfig;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.io.ModelLock;
import dev.lorikeet.train.TrainingFailedException;
import dev.lorikeet.train.TrainingPlan;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.score.Score;
import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;

/**
 * The settings of one training of a sweep.
 *
 * @param number of the trial in its sweep, from 1
 * @param lora the adapter that it trains
 * @param learningRate peak of the schedule
 */
public record Trial(int number, LoraConfig lora, double learningRate) implements Serializable {

    /**
     * Trains a new adapter on the model of the plan, which must have none, and takes it off again. A training that fails is a result
     * too, so that the others are not lost.
     *
     * @param progress shows the steps
     * @return the result; its run is interrupted if the thread was
     */
    public TrialResult run(TrainingPlan plan, Progress progress) {
        LanguageModel model = plan.model();
        try (ModelLock.Use use = model.occupy("trying settings on")) {
            LoraAdapter adapter = lora.inject(model);
            long parameters = adapter.trainableParameters().trainable();
            try {
                TrainingRun run =
                        plan.named(toString()).learningRate(learningRate).run(progress);
                Score validation = run.interrupted() ? Score.NONE : plan.validate();
                return new TrialResult(this, parameters, Optional.of(run), validation, "");
            } catch (StoppedException e) {
                throw e;
            } catch (TrainingFailedException e) {
                return new TrialResult(this, parameters, Optional.of(e.run()), Score.NONE, e.getMessage());
            } catch (LorikeetException | EngineException | OutOfMemoryError e) {
                return new TrialResult(this, parameters, Optional.empty(), Score.NONE, String.valueOf(e.getMessage()));
            } finally {
                adapter.remove();
            }
        }
    }

    /** A whole alpha without decimals, as it is written in code. */
    static String alpha(double value) {
        return value == Math.rint(value) ? String.valueOf(Math.round(value)) : String.valueOf(value);
    }

    /** The settings in words, such as "rank 8, alpha 16, ALL_LINEAR, learning rate 2e-4". */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "rank %d, alpha %s, %s, learning rate %s",
                lora.rank(),
                alpha(lora.alpha()),
                lora.targetModules(),
                Quantities.learningRate(learningRate));
    }
}
