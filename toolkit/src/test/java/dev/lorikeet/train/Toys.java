package dev.lorikeet.train;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.lorikeet.data.Splits;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.text.Tokenizers;
import dev.lorikeet.train.history.History;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.GradScaler;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.Objective;
import dev.lorikeet.train.step.Optimizer;
import dev.lorikeet.train.step.Step;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A small classifier and texts that it can learn in a moment. */
final class Toys {

    private static final String[] HAM = {
        "see you at home tonight", "lunch at noon", "the dog sleeps", "call mum, she asked"
    };
    private static final String[] SPAM = {
        "win cash now", "free prize, claim it", "urgent! cash offer today", "claim free cash"
    };

    /** 1,388 tokens learned from the texts in datasets/: a step over GPT-2's 50,257 would be spent on the vocabulary. */
    private static final Path TOKENIZER = resource("toys/tokenizer.json");

    private static final ModelConfig SMALL = PublishedShapes.gpt2(32, 2, 2)
            .change()
            .vocabSize(1388)
            .contextLength(64)
            .build();

    private Toys() {}

    static PretrainedModel causal() {
        return Models.random("toy", SMALL, Tokenizers.fromFile(TOKENIZER), 7);
    }

    private static Path resource(String name) {
        try {
            return Path.of(Toys.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Every parameter frozen. */
    static Classifier frozen() {
        Classifier model = causal().classifier("ham", "spam");
        model.freeze(true);
        return model;
    }

    /** With an adapter of rank 4 on every projection. */
    static Classifier classifier() {
        return classifier(0);
    }

    static Classifier classifier(double dropout) {
        Classifier model = frozen();
        Lora.rank(4).dropout(dropout).inject(model);
        return model;
    }

    /** Rows of ham and spam in turns, no two alike. */
    static Table table(int rows) {
        List<String> labels = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            labels.add(i % 2 == 0 ? "ham" : "spam");
            texts.add((i % 2 == 0 ? HAM : SPAM)[i / 2 % 4] + " " + i);
        }
        return Table.create("toy", StringColumn.create("label", labels), StringColumn.create("text", texts));
    }

    static Splits splits(int train, int validation) {
        return new Splits(table(train), table(validation), table(0));
    }

    /** No lines, and a rate at which the toy is learned. */
    static ClassifierTuning tuning(Classifier model, Splits splits) {
        return FineTune.of(model).on(splits).batchSize(4).learningRate(5e-3).quietly();
    }

    /** A step with nothing random in it. */
    static Step step(Objective objective, Optimizer optimizer, MemoryOptions options, double maxNorm) {
        return step(objective, Loss.crossEntropy(), optimizer, options, maxNorm);
    }

    static Step step(Objective objective, Loss minimised, Optimizer optimizer, MemoryOptions options, double maxNorm) {
        BackwardPass gradients = new BackwardPass(objective.model(), minimised, options);
        return new Step(objective, gradients, optimizer, GradScaler.none(), maxNorm, 1);
    }

    static List<float[]> values(List<Parameter> parameters) {
        return parameters.stream()
                .filter(Parameter::requiresGradient)
                .map(parameter -> parameter.getArray().toFloatArray())
                .toList();
    }

    static List<Double> losses(TrainingRun run) {
        return run.history().steps().stream().map(History.StepRecord::loss).toList();
    }

    /** What a manager owns: arrays and managers, and the managers' arrays. */
    static int owned(NDManager manager) {
        try {
            Field field = BaseNDManager.class.getDeclaredField("resources");
            field.setAccessible(true);
            int count = 0;
            for (Object resource : ((Map<?, ?>) field.get(manager)).values()) {
                count += 1 + (resource instanceof BaseNDManager sub ? owned(sub) : 0);
            }
            return count;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** All arrays that a model's training could leave behind. */
    static int arrays(Classifier model) {
        return owned(model.manager()) + owned(Torch.host());
    }

    static double norm(float[]... arrays) {
        return Math.sqrt(Arrays.stream(arrays)
                .mapToDouble(array -> {
                    double sum = 0;
                    for (float value : array) {
                        sum += (double) value * value;
                    }
                    return sum;
                })
                .sum());
    }
}
