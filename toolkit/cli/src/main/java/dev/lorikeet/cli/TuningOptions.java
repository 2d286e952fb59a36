package dev.lorikeet.cli;

import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.Schedule;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.checkpoint.Checkpoints;
import dev.lorikeet.train.step.AdamW;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options of the training run. */
final class TuningOptions {

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "3",
            description = "Number of epochs; ${DEFAULT-VALUE} by default.")
    private int epochs;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "0",
            description = "Ends after so many updates; 0: no limit.")
    private int steps;

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            defaultValue = "1",
            description = "Gradient accumulation: batches for each update; ${DEFAULT-VALUE} by default.")
    private int accumulation;

    @Option(
            names = {"--lr", "--learning-rate"},
            paramLabel = "X",
            defaultValue = "2e-4",
            description = "Peak learning rate of AdamW; ${DEFAULT-VALUE} by default.")
    private double rate;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            defaultValue = "0",
            description = "Weight decay of AdamW; ${DEFAULT-VALUE} by default.")
    private double decay;

    @Option(
            names = "--schedule",
            paramLabel = "SHAPE",
            defaultValue = "constant",
            completionCandidates = Choices.ScheduleShapes.class,
            description = "Learning-rate schedule: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} by default.")
    private Schedule.Shape shape;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "0",
            description = "Warm-up: updates over which the learning rate rises from 0; ${DEFAULT-VALUE} by default.")
    private int warmUp;

    @Option(
            names = "--clip",
            paramLabel = "NORM",
            defaultValue = "0",
            description = "Clips gradients to this norm; 0: no clipping.")
    private double norm;

    @Option(
            names = "--evaluate-every",
            paramLabel = "N",
            defaultValue = "50",
            description =
                    "Evaluates training and validation loss every so many updates; ${DEFAULT-VALUE} by default, 0: never.")
    private int evaluateEvery;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "123",
            description = "Seed of the split, shuffling, the adapter and dropout; ${DEFAULT-VALUE} by default.")
    private long seed;

    @ArgGroup(exclusive = false)
    private Kept kept;

    /** Options of checkpoints; resuming needs a checkpoint folder. */
    private static final class Kept {

        @Option(
                names = "--checkpoints",
                required = true,
                paramLabel = "FOLDER",
                description = "Folder for checkpoints, to resume a run after Ctrl-C or a crash.")
        private Path folder;

        @Option(
                names = "--save-every",
                paramLabel = "N",
                defaultValue = "25",
                description = "Updates between two checkpoints; ${DEFAULT-VALUE} by default.")
        private int every;

        @Option(names = "--resume", description = "Resumes from the newest checkpoint; needs the same options.")
        private boolean resume;
    }

    long seed() {
        return seed;
    }

    /** Trains with the parsed settings. */
    <T extends FineTune<T>> TrainingRun run(T tuning) {
        tuning.epochs(epochs)
                .maxSteps(steps)
                .accumulate(accumulation)
                .adamW(AdamW.of(rate).weightDecay(decay))
                .schedule(new Schedule(shape, warmUp))
                .clipNorm(norm)
                .evaluateEvery(evaluateEvery)
                .seed(seed);
        if (kept == null) {
            return tuning.run();
        }
        tuning.checkpoints(Checkpoints.in(kept.folder).every(kept.every));
        return kept.resume ? tuning.resume() : tuning.run();
    }
}
