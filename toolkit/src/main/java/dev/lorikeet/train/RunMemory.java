package dev.lorikeet.train;

import dev.lorikeet.memory.Memory;
import dev.lorikeet.memory.MemoryParts;
import dev.lorikeet.memory.MemoryProbe;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.summary.ParameterBytes;
import dev.lorikeet.train.step.GradientSource;
import dev.lorikeet.train.step.Optimizer;

/**
 * Measures the memory of a run and its parts. It measures the first two steps, the second of which finds gradients allocated,
 * and later each step with a larger micro-batch. Before such a step it releases free memory, so that the rise shows all that
 * the step uses.
 */
final class RunMemory implements AutoCloseable {

    private final LanguageModel model;
    private final Optimizer optimizer;
    private final GradientSource gradients;
    private final MemoryProbe run;
    private final MemoryProbe step;
    private int steps;
    private long largest;
    private boolean measuring;
    private long before;
    private long kept;
    private long activations;
    private long runtime;

    RunMemory(LanguageModel model, Optimizer optimizer, GradientSource gradients) {
        this.model = model;
        this.optimizer = optimizer;
        this.gradients = gradients;
        this.run = MemoryProbe.of(model.device());
        this.step = MemoryProbe.of(model.device());
        Memory.release();
        run.reset();
    }

    /**
     * Begins to measure a step if it is the largest so far.
     *
     * @param positions tokens of its largest micro-batch, padding included
     */
    void beforeStep(long positions) {
        measuring = steps < 2 || positions > largest;
        if (measuring) {
            largest = Math.max(largest, positions);
            Memory.release();
            step.reset();
            before = step.now();
            kept = gradients.keptBytes();
            long measured = Memory.runtime(step, arrays(steps > 0) + kept);
            if (steps == 1) {
                // What the engine allocated once in the first step belongs to the runtime.
                activations -= Math.max(0, measured - runtime);
            }
            runtime = measured;
        }
    }

    void afterStep() {
        if (measuring) {
            long rise = step.peak() - before + kept;
            // The first step allocates the gradients.
            activations = Math.max(activations, steps == 0 ? rise - gradientBytes() : rise);
        }
        steps++;
    }

    MemoryBreakdown breakdown(String name) {
        ParameterBytes bytes = model.parameterBytes();
        MemoryParts parts = new MemoryParts(
                Memory.gib(runtime),
                Memory.gib(bytes.frozen()),
                Memory.gib(bytes.trained()),
                Memory.gib(gradientBytes()),
                Memory.gib(optimizer.bytes()),
                Memory.gib(Math.max(0, activations)));
        return new MemoryBreakdown(name, run.measured(), parts, Memory.gib(run.peak()));
    }

    private long arrays(boolean withGradients) {
        ParameterBytes bytes = model.parameterBytes();
        return bytes.frozen() + bytes.trained() + optimizer.bytes() + (withGradients ? gradientBytes() : 0);
    }

    /** Bytes of all gradients; a gradient has the dtype of its parameter. */
    private long gradientBytes() {
        return model.parameterBytes().trained();
    }

    @Override
    public void close() {
        run.close();
        step.close();
    }
}
