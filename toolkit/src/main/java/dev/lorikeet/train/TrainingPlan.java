package dev.lorikeet.train;

import dev.lorikeet.base.Progress;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.train.score.Score;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.worker.DetachedBytes;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** What a fine-tuning does: its data and its settings. Another process can do it on a model of its own. Immutable. */
public final class TrainingPlan {

    private final Contents contents;
    private final LanguageModel model;

    private record Contents(String name, Task task, TuningSettings settings) implements Serializable {

        @Override
        public String toString() {
            return "The plan of " + name;
        }
    }

    TrainingPlan(String name, Task task, TuningSettings settings, LanguageModel model) {
        this(new Contents(name, task, settings), model);
    }

    private TrainingPlan(Contents contents, LanguageModel model) {
        this.contents = contents;
        this.model = model;
    }

    /**
     * Reads what {@link #bytes} wrote.
     *
     * @param model like the one of that plan
     */
    public static TrainingPlan read(byte[] bytes, LanguageModel model) {
        return new TrainingPlan(DetachedBytes.read(bytes, Contents.class, model), model);
    }

    /**
     * The plan as bytes, without its model.
     *
     * @throws dev.lorikeet.base.LorikeetException if it holds what other machines cannot have, such as texts of a stream
     */
    public byte[] bytes() {
        return DetachedBytes.of(contents, model);
    }

    /** The same with another name. */
    public TrainingPlan named(String name) {
        return new TrainingPlan(new Contents(name, contents.task, contents.settings), model);
    }

    /** The same with another peak of the learning rate. */
    public TrainingPlan learningRate(double value) {
        TuningSettings.checkLearningRate(value);
        return new TrainingPlan(
                new Contents(contents.name, contents.task, contents.settings.learningRate(value)), model);
    }

    public String name() {
        return contents.name;
    }

    public TuningSettings settings() {
        return contents.settings;
    }

    public LanguageModel model() {
        return model;
    }

    /** The number of updates in a run that nothing ends early. */
    public int steps() {
        return TrainingLoop.totalSteps(contents.task, contents.settings);
    }

    /**
     * Trains what of the model is not frozen, as {@link FineTune#run} does, and prints nothing.
     *
     * @param progress shows the steps
     */
    public TrainingRun run(Progress progress) {
        RunOptions options =
                new RunOptions(name(), List.of(), true, total -> progress, Optional.empty(), false, BackwardPass::new);
        return new TrainingLoop(model, contents.task, contents.settings, options).run();
    }

    /** The score on the whole validation split; {@link Score#NONE} if there is none. */
    public Score validate() {
        return contents.task.validationSplits().stream()
                .findFirst()
                .map(contents.task::score)
                .orElse(Score.NONE);
    }

    @Override
    public String toString() {
        return contents.toString();
    }
}
