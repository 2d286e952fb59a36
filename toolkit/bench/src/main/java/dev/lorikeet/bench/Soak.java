package dev.lorikeet.bench;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.memory.MemoryProbe;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.text.Tokenizers;
import dev.lorikeet.train.FineTune;
import java.lang.reflect.Field;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A long run in one process on a tiny model with random weights: training steps, then generated tokens. It prints a table of the
 * resident memory and of the arrays that the engine holds. Memory that grows after the first steps, or arrays that do, are a leak.
 * A Java heap of a fixed size (-Xms256m -Xmx256m -XX:+AlwaysPreTouch) keeps its own growth out of the figures.
 * Options as {@code name=value}: steps (3000), tokens (10000), from (200: the step with which the later rows are compared), rows
 * (10 of each part).
 */
public final class Soak {

    private static final double MIB = 1 << 20;
    private static final int TOKENS_OF_A_TEXT = 50;

    private final PretrainedModel model;
    private final MemoryProbe probe;
    private final long from;
    private double first;

    private Soak(PretrainedModel model, MemoryProbe probe, long from) {
        this.model = model;
        this.probe = probe;
        this.from = from;
    }

    public static void main(String[] args) {
        Progress.showOn(Progress::silent);
        Options options = Options.parse(args);
        int steps = options.steps(3000);
        int tokens = (int) options.whole("tokens", 10_000);
        long rows = options.whole("rows", 10);
        try (PretrainedModel model = Models.random("tiny", PublishedShapes.gpt2(64, 2, 2), Tokenizers.gpt2(), 1);
                MemoryProbe probe = MemoryProbe.of(model.device())) {
            Soak soak = new Soak(model, probe, options.whole("from", 200));
            System.out.println("after            resident MiB    change   arrays");
            soak.train(steps, Math.max(1, steps / rows));
            soak.generate(tokens, Math.max(TOKENS_OF_A_TEXT, tokens / rows));
        }
    }

    private void train(int steps, long every) {
        Lora.rank(4).dropout(0.1).inject(model);
        FineTune.of(model)
                .on(Documents.of(Datasets.posts(), "document").length(64).batch(2))
                .epochs(steps)
                .maxSteps(steps)
                .quietly()
                .with(new TrainingListenerAdapter() {

                    private int done;

                    @Override
                    public void onTrainingBatch(Trainer trainer, BatchData data) {
                        done++;
                        if (done == from || done % every == 0) {
                            row("step", done);
                        }
                    }
                })
                .run();
    }

    private void generate(int tokens, long every) {
        GenerationConfig settings = GenerationConfig.sampled(TOKENS_OF_A_TEXT);
        for (int done = 0; done < tokens; ) {
            int before = done;
            done += model.generate("The lorikeet", settings.seed(done), piece -> {})
                    .ids()
                    .length;
            if (before / every != done / every) {
                row("token", done);
            }
        }
    }

    private void row(String kind, int number) {
        collect();
        double resident = probe.now() / MIB;
        if (kind.equals("step") && number <= from) {
            first = resident;
        }
        System.out.printf(
                Locale.ROOT,
                "%-6s %,9d %,14.1f %+8.2f %% %,8d%n",
                kind,
                number,
                resident,
                100 * (resident / first - 1),
                arrays(model.manager()) + arrays(Torch.host()));
    }

    /** Frees the small buffers of inputs that DJL leaves to the collector, which hardly runs in a program this small. */
    private static void collect() {
        for (int i = 0; i < 2; i++) {
            System.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    /** Counts the arrays that a manager and those below it hold, which DJL only prints. */
    private static int arrays(NDManager manager) {
        try {
            Field field = BaseNDManager.class.getDeclaredField("resources");
            field.setAccessible(true);
            int count = 0;
            for (Object resource : ((Map<?, ?>) field.get(manager)).values()) {
                count += resource instanceof NDManager below ? arrays(below) : resource instanceof NDArray ? 1 : 0;
            }
            return count;
        } catch (ReflectiveOperationException e) {
            throw new LorikeetException("DJL's managers keep their arrays elsewhere in this version: " + e, e);
        }
    }
}
