package dev.lorikeet.train;

import dev.lorikeet.memory.Memory;
import dev.lorikeet.memory.MemoryEstimate;
import dev.lorikeet.memory.MemoryParts;
import dev.lorikeet.memory.MemoryProbe;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.Layer;
import dev.lorikeet.model.summary.ParameterBytes;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.tensor.DType;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Works out what a run will need from the model's shape, the largest batch and the knobs. */
final class Estimator {

    /** A chunk's logits, and as much for the product that makes the gradient of its rows. */
    private static final int LOGITS_AT_ONCE = 2;

    private final LanguageModel model;
    private final MemoryOptions knobs;
    private final boolean paged;

    Estimator(LanguageModel model, TuningSettings settings) {
        this.model = model;
        this.knobs = settings.memory();
        this.paged = settings.optimizer().onHost() && model.device().isGpu();
    }

    <B> MemoryEstimate estimate(Task<B> task) {
        Objective<B> objective = task.objective();
        List<B> batches = task.epoch(0);
        long positions = batches.stream().mapToLong(objective::positions).max().orElse(0);
        long targets = batches.stream().mapToInt(objective::targets).max().orElse(0);
        ParameterBytes bytes = model.parameterBytes();
        Memory.release();
        try (MemoryProbe probe = MemoryProbe.of(model.device())) {
            long now = probe.now();
            MemoryParts parts = new MemoryParts(
                    Memory.gib(Memory.runtime(probe, bytes.frozen() + bytes.trained())),
                    Memory.gib(bytes.frozen()),
                    Memory.gib(bytes.trained()),
                    Memory.gib(bytes.trained()),
                    Memory.gib(paged ? 0 : 2 * bytes.trained()),
                    Memory.gib(activations(positions, targets)));
            return new MemoryEstimate(parts, Memory.gib(now) + Memory.availableGiB(model.device()));
        }
    }

    /** What the layers keep, as much as one of them again for the gradients on their way through it, and the head's arrays. */
    private long activations(long positions, long targets) {
        Transformer transformer = model.transformer();
        List<Layer> layers = transformer.layers();
        int first = BackwardPass.firstTrained(transformer);
        List<Layer> recorded = layers.subList(first, layers.size());
        long stream = (long) Float.BYTES * model.config().hiddenSize() * positions;
        long largest = recorded.stream().mapToLong(Layer::keptPerToken).max().orElse(0) * positions;
        long kept = knobs.recompute()
                ? stream * recorded.size() + largest
                : recorded.stream().mapToLong(Layer::keptPerToken).sum() * positions;
        long rows = knobs.lossRows() == 0 ? targets : Math.min(targets, knobs.lossRows());
        // A quantised head's come in pieces, which are then put side by side.
        int held = LOGITS_AT_ONCE + (transformer.head().isQuantized() ? 1 : 0);
        long logits = held * Float.BYTES * rows * transformer.head().out();
        return kept
                + copies(recorded)
                + largest
                + 2 * stream
                + logits
                + passing(transformer.head())
                + widened(recorded);
    }

    /** Where the weights are quantised: the numbers of one layer's at a time, and of the head's. */
    private long widened(List<Layer> layers) {
        long largest = layers.stream()
                .mapToLong(layer -> numbers(layer.projections().stream()))
                .max()
                .orElse(0);
        return model.precision().bytes()
                * (largest + numbers(Stream.of(model.transformer().head())));
    }

    private static long numbers(Stream<Projection> projections) {
        return projections
                .filter(Projection::isQuantized)
                .mapToLong(projection -> projection.weight().getShape().size())
                .sum();
    }

    /** Where the model multiplies in half precision, trained weights are rounded to it and that is kept. */
    private long copies(List<Layer> layers) {
        if (model.precision() == DType.FLOAT32) {
            return 0;
        }
        LongStream each = layers.stream().mapToLong(layer -> layer.projections().stream()
                .filter(projection -> projection.weightSlot().used().requiresGradient())
                .mapToLong(projection -> projection.weight().getShape().size())
                .sum());
        return model.precision().bytes() * (knobs.recompute() ? each.max().orElse(0) : each.sum());
    }

    /** The gradient of a trained head, by far the largest weight of a small model, before it is added to that of other rows. */
    private long passing(Projection head) {
        if (!head.weightSlot().used().requiresGradient()) {
            return 0;
        }
        int halves = model.precision() == DType.FLOAT32 ? 0 : 2;
        return head.weight().getShape().size()
                * (Float.BYTES + halves * model.precision().bytes());
    }
}
