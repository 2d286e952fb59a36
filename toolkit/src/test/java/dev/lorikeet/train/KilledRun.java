package dev.lorikeet.train;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.lorikeet.base.Progress;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.train.checkpoint.Checkpoints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A process of its own that trains a small model, goes on where it was killed, and writes down all losses at the end. */
final class KilledRun {

    static final String STEP = "batch done";

    private KilledRun() {}

    /** Arguments: folder of the checkpoints, file for the losses, number of steps. */
    public static void main(String[] arguments) throws Exception {
        Progress.showOn(Progress::silent);
        Documents documents =
                Documents.of(Toys.table(64), "text").length(16).batch(4).shuffled(3);
        int steps = Integer.parseInt(arguments[2]);
        PretrainedModel model = Toys.causal();
        Lora.rank(4).dropout(0.1).inject(model);
        TrainingRun run = FineTune.of(model)
                .on(documents)
                .validation(documents.take(2))
                .evaluateEvery(8)
                .epochs(steps / 16 + 1)
                .maxSteps(steps)
                .schedule(Schedule.cosine())
                .clipNorm(0.3)
                .recompute()
                .checkpoints(
                        Checkpoints.in(Path.of(arguments[0])).every(2).keep(2).keepBest("validation"))
                .with(new TrainingListenerAdapter() {
                    @Override
                    public void onTrainingBatch(Trainer trainer, BatchData data) {
                        System.out.println(STEP);
                    }
                })
                .resume();
        Files.writeString(Path.of(arguments[1]), numbers(run, model));
    }

    /** To the last digit: losses, validation losses, and the weights' sum of bits. */
    private static String numbers(TrainingRun run, PretrainedModel model) {
        List<float[]> weights = Toys.values(model.parameters());
        return Toys.losses(run).stream().map(Double::toHexString).collect(Collectors.joining("\n"))
                + run.history().evaluations().stream()
                        .map(evaluation -> "\nvalidation " + Double.toHexString(evaluation.validationLoss()))
                        .collect(Collectors.joining())
                + "\nweights "
                + weights.stream().map(java.util.Arrays::hashCode).toList();
    }
}
