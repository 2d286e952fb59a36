package dev.lorikeet.train;

import dev.lorikeet.memory.Memory;
import dev.lorikeet.memory.MemoryParts;
import dev.lorikeet.memory.MemoryProbe;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.summary.ParameterBytes;

/**
 * Measures the memory of a run and its parts. What a step takes is measured at the first two steps, of which the second finds
 * gradients there already, and again at each that is larger; before such a step free memory is given back, so that the rise
 * above it shows all that the step uses.
 */
final class RunMemory implements AutoCloseable {

    private final LanguageModel model;
    private final Optimizer optimizer;
    private final BackwardPass gradients;
    private final MemoryProbe run;
    private final MemoryProbe step;
    private int steps;
    private long largest;
    private boolean measuring;
    private long before;
    private long kept;
    private long activations;
    private long runtime;

    RunMemory(LanguageModel model, Optimizer optimizer, BackwardPass gradients) {
        this.model = model;
        this.optimizer = optimizer;
        this.gradients = gradients;
        this.run = MemoryProbe.of(model.device());
        this.step = MemoryProbe.of(model.device());
        Memory.release();
        run.reset();
    }

    /** @param positions of its largest micro-batch, padding included */
    void beforeStep(long positions) {
        measuring = steps < 2 || positions > largest;
        if (measuring) {
            largest = Math.max(largest, positions);
            Memory.release();
            step.reset();
            before = step.now();
            kept = gradients.keptBytes();
            long found = Memory.runtime(step, arrays(steps > 0) + kept);
            if (steps == 1) {
                // What the engine set up during the first step is there to stay, so it was not the step's own.
                activations -= Math.max(0, found - runtime);
            }
            runtime = found;
        }
    }

    void afterStep() {
        if (measuring) {
            long rise = step.peak() - before + kept;
            // The gradients come with the first step and stay.
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

    /** A gradient has the type of its parameter. */
    private long gradientBytes() {
        return model.parameterBytes().trained();
    }

    @Override
    public void close() {
        run.close();
        step.close();
    }
}
