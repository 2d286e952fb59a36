package dev.lorikeet.bench;

import com.google.gson.Gson;
import dev.lorikeet.base.Progress;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.history.History;
import dev.lorikeet.train.step.AdamW;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a step costs as rows grow longer and more: GPT-2 small with random weights, rank 4 on query and value, from 64 tokens
 * in one row up to 16 rows of 1,024, the smallest first in one process. Options as {@code name=value}: least (1) and most (8192)
 * tokens of a step, steps (4) for each shape of which the first half warms up, precision, batches (file to write the batch of
 * each shape to).
 */
public final class ScalingCase {

    private static final int[] LENGTHS = {64, 128, 256, 512, 1024};
    private static final int[] SIZES = {1, 2, 4, 8, 16};

    private final PretrainedModel model;
    private final String text;
    private final int steps;

    private ScalingCase(PretrainedModel model, int steps) {
        this.model = model;
        this.steps = steps;
        this.text = String.join("\n", Datasets.posts().stringColumn("document").asList());
    }

    private record Shape(int length, int size) {

        int tokens() {
            return length * size;
        }

        /** Such as "128×8". */
        String key() {
            return length + "×" + size;
        }
    }

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        int steps = (int) options.whole("steps", 4);
        Map<String, Object> result = new LinkedHashMap<>(Map.of("stack", "Lorikeet", "steps", steps));
        List<Batch> batches = new ArrayList<>();
        try (PretrainedModel model = Models.random("gpt2", 1)) {
            model.computeDtype(options.dtype());
            Lora.rank(4).alpha(32).on("query", "value").inject(model);
            result.put("trainable", model.parameterCount().trainable());
            ScalingCase scaling = new ScalingCase(model, steps);
            for (Shape shape : shapes(options.whole("least", 1), options.whole("most", 8192))) {
                Documents documents = scaling.documents(shape);
                batches.addAll(documents.batches(model.tokenizer()).epoch(0));
                TrainingRun run = scaling.run(documents);
                double seconds = scaling.stepSeconds(run);
                double peak = run.memory().peak();
                result.put(shape.key() + "/step", seconds);
                result.put(shape.key() + "/peak", peak);
                System.out.printf(Locale.ROOT, "%s: %.3f s, %.2f GiB%n", shape.key(), seconds, peak);
            }
        }
        if (options.has("batches")) {
            SharedBatches.writeCausal(options.path("batches"), batches);
        }
        System.out.println(new Gson().toJson(result));
    }

    private static List<Shape> shapes(long least, long most) {
        return IntStream.of(LENGTHS)
                .boxed()
                .flatMap(length -> IntStream.of(SIZES).mapToObj(size -> new Shape(length, size)))
                .filter(shape -> shape.tokens() >= least && shape.tokens() <= most)
                .sorted(Comparator.comparing(Shape::tokens).thenComparing(Shape::length))
                .toList();
    }

    /** Rows that are all cut to the length: each begins somewhere else in all posts together. */
    private Documents documents(Shape shape) {
        StringColumn rows = StringColumn.create("document");
        for (int row = 0; row < shape.size(); row++) {
            int turn = text.length() / shape.size() * row;
            rows.append(text.substring(turn) + text.substring(0, turn));
        }
        return Documents.of(Table.create(rows), "document")
                .length(shape.length())
                .batch(shape.size());
    }

    private TrainingRun run(Documents documents) {
        return FineTune.of(model)
                .on(documents)
                .epochs(steps)
                .adamW(AdamW.of(5e-5).weightDecay(0.01).epsilon(1e-6).decayMatricesOnly())
                .clipNorm(1)
                .quietly()
                .run();
    }

    private double stepSeconds(TrainingRun run) {
        double[] seconds = run.history().steps().stream()
                .skip(steps / 2)
                .mapToDouble(History.StepRecord::stepSeconds)
                .sorted()
                .toArray();
        return (seconds[(seconds.length - 1) / 2] + seconds[seconds.length / 2]) / 2;
    }
}
