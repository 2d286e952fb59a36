package dev.lorikeet.spark;

import static dev.lorikeet.lora.Targets.ALL_LINEAR;

import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.text.Tokenizers;
import dev.lorikeet.train.CausalTuning;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.loss.Loss;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/**
 * Measures what a step over executors costs beside its computation. Arguments: rank of the adapter (28 is 1.84 MB), tokens of a
 * micro-batch, micro-batches of a step, milliseconds that each of them waits as if it computed on a processor of its own, then numbers of
 * executors; 0 is this process alone.
 */
final class StepCost {

    private static final int STEPS = 40;
    private static final int FEW_STEPS = 8;

    private StepCost() {}

    public static void main(String... args) throws IOException {
        int rank = Integer.parseInt(args[0]);
        int tokens = Integer.parseInt(args[1]);
        int microBatches = Integer.parseInt(args[2]);
        int pause = Integer.parseInt(args[3]);
        int steps = pause == 0 ? STEPS : FEW_STEPS;
        for (String executors : Arrays.asList(args).subList(4, args.length)) {
            try (PretrainedModel model = Models.random("toy", PublishedShapes.gpt2(256, 4, 4), Tokenizers.gpt2(), 7)) {
                Lora.rank(rank).on(ALL_LINEAR).inject(model);
                CausalTuning tuning = FineTune.of(model)
                        .on(Documents.of(Toys.table(STEPS * microBatches), "text")
                                .length(tokens)
                                .packed()
                                .batch(1))
                        .epochs(STEPS)
                        .maxSteps(steps)
                        .accumulate(microBatches)
                        .evaluateEvery(0)
                        .loss(pause == 0 ? Loss.crossEntropy() : new PausingLoss(pause, ""))
                        .quietly();
                report(executors, executors.equals("0") ? tuning.run() : over(tuning, Integer.parseInt(executors)));
            }
        }
    }

    private static TrainingRun over(CausalTuning tuning, int executors) throws IOException {
        try (SparkSession spark = Toys.session("local-cluster[%d,1,1024]".formatted(executors))) {
            SparkCluster cluster = SparkCluster.of(spark);
            TrainingRun run = tuning.over(cluster).run();
            System.out.println(cluster);
            return run;
        }
    }

    /** Leaves the first steps out, in which everything is compiled. */
    private static void report(String executors, TrainingRun run) {
        double[] seconds = run.history().steps().stream()
                .skip(run.steps() / 2)
                .mapToDouble(step -> step.stepSeconds())
                .sorted()
                .toArray();
        System.out.printf(
                Locale.ROOT,
                "executors %s: step %.0f ms (median), %.0f to %.0f%n",
                executors,
                1000 * seconds[seconds.length / 2],
                1000 * seconds[0],
                1000 * seconds[seconds.length - 1]);
    }
}
