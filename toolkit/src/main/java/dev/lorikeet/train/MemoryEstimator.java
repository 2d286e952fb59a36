package dev.lorikeet.train;

import dev.lorikeet.data.Batch;
import dev.lorikeet.memory.Memory;
import dev.lorikeet.memory.MemoryEstimate;
import dev.lorikeet.memory.MemoryParts;
import dev.lorikeet.memory.MemoryProbe;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.Layer;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.summary.ParameterBytes;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.MemoryOptions;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Estimates the memory of a run from the model's shape, the largest batch and the memory options. */
final class MemoryEstimator {

    /** Arrays of a chunk's size that exist at once: the logits, and the product for the gradient of the rows. */
    private static final int LOGITS_AT_ONCE = 2;

    private final LanguageModel model;
    private final MemoryOptions options;
    private final boolean paged;

    /**
     * What the largest micro-batch of a run holds.
     *
     * @param positions tokens, padding included
     * @param targets labels or tokens to predict
     */
    record Load(long positions, long targets) {

        static Load of(Task task) {
            List<Batch> batches = task.sample();
            return new Load(
                    batches.stream().mapToLong(Batch::positions).max().orElse(0),
                    batches.stream().mapToInt(Batch::targetCount).max().orElse(0));
        }

        Load scaled(double share) {
            return new Load((long) Math.ceil(share * positions), (long) Math.ceil(share * targets));
        }
    }

    MemoryEstimator(LanguageModel model, TuningSettings settings) {
        this(
                model,
                settings.memory(),
                settings.optimizer().onHost() && model.device().isGpu());
    }

    /** @param paged whether the optimizer state is kept elsewhere */
    MemoryEstimator(LanguageModel model, MemoryOptions options, boolean paged) {
        this.model = model;
        this.options = options;
        this.paged = paged;
    }

    MemoryEstimate estimate(Task task) {
        Load load = Load.of(task);
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
                    Memory.gib(activations(load)));
            return new MemoryEstimate(parts, Memory.gib(now) + Memory.availableGiB(model.device()));
        }
    }

    /** Bytes that the layers keep, the gradients inside one layer, and the arrays of the head. */
    long activations(Load load) {
        long positions = load.positions();
        Transformer transformer = model.transformer();
        List<Layer> layers = transformer.layers();
        int first = BackwardPass.firstTrained(transformer);
        List<Layer> recorded = layers.subList(first, layers.size());
        long stream = (long) Float.BYTES * model.config().hiddenSize() * positions;
        long largest = recorded.stream().mapToLong(Layer::keptPerToken).max().orElse(0) * positions;
        long kept = options.recompute()
                ? stream * recorded.size() + largest
                : recorded.stream().mapToLong(Layer::keptPerToken).sum() * positions;
        // Without a head the loss takes the states of all tokens once more.
        long output = transformer.head() == null ? 2 * stream : head(transformer.head(), load);
        return kept + castWeights(recorded) + largest + 2 * stream + output + dequantized(recorded);
    }

    private long head(Projection head, Load load) {
        long rows = options.lossRows() == 0 ? load.targets() : Math.min(load.targets(), options.lossRows());
        // A quantised head computes its logits in pieces, which are then concatenated.
        int held = LOGITS_AT_ONCE + (head.isQuantized() ? 1 : 0);
        return held * Float.BYTES * rows * head.out() + headGradient(head);
    }

    /** Bytes of dequantised weights: those of the largest quantised layer and of the head. */
    private long dequantized(List<Layer> layers) {
        long largest = layers.stream()
                .mapToLong(layer -> quantizedWeights(layer.projections().stream()))
                .max()
                .orElse(0);
        return model.computeDtype().bytes()
                * (largest
                        + quantizedWeights(Stream.ofNullable(model.transformer().head())));
    }

    private static long quantizedWeights(Stream<Projection> projections) {
        return projections
                .filter(Projection::isQuantized)
                .mapToLong(projection -> projection.weight().getShape().size())
                .sum();
    }

    /** Bytes of the copies of trained weights in the compute dtype, if that is not float32. */
    private long castWeights(List<Layer> layers) {
        if (model.computeDtype() == DType.FLOAT32) {
            return 0;
        }
        LongStream each = layers.stream().mapToLong(layer -> layer.projections().stream()
                .filter(projection -> projection.weightSlot().used().requiresGradient())
                .mapToLong(projection -> projection.weight().getShape().size())
                .sum());
        return model.computeDtype().bytes() * (options.recompute() ? each.max().orElse(0) : each.sum());
    }

    /**
     * Bytes of the gradient of a trained head, the largest weight of a small model, before it is added to the gradient of earlier
     * chunks.
     */
    private long headGradient(Projection head) {
        if (!head.weightSlot().used().requiresGradient()) {
            return 0;
        }
        int halves = model.computeDtype() == DType.FLOAT32 ? 0 : 2;
        return head.weight().getShape().size()
                * (Float.BYTES + halves * model.computeDtype().bytes());
    }
}
