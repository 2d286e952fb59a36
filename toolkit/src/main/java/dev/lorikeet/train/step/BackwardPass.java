package dev.lorikeet.train.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.DequantizedLayerCache;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.Layer;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.tensor.Autograd;
import dev.lorikeet.train.loss.Loss;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Runs forward and backward passes of micro-batches and adds up the gradients. The trained layers run in ranges: all layers
 * in one range, or each layer in a range of its own. The latter with recompute, where the forward pass keeps only the input
 * of each layer and the backward pass runs the layer again; and on a quantised base, whose weights are dequantised once in
 * each direction, one layer at a time.
 */
public final class BackwardPass implements GradientSource {

    /**
     * The arrays of a micro-batch, open until the observer returns.
     *
     * @param ids int64 (batch, time)
     * @param labels int64 (rows)
     * @param logits computes float32 (rows, classes); training itself never holds all of them
     */
    public record MicroBatchArrays(NDArray ids, NDArray labels, Supplier<NDArray> logits) {}

    /** Consecutive layers; {@code to} is exclusive. */
    private record LayerRange(int from, int to) {

        int size() {
            return to - from;
        }
    }

    private final LanguageModel model;
    private final Transformer transformer;
    private final MemoryOptions options;
    private final Loss minimised;
    private final boolean dropout;
    private final DequantizedLayerCache layerCache;
    private final DequantizedLayerCache headCache;

    /** Creates a backward pass of the cross-entropy. */
    public BackwardPass(LanguageModel model, MemoryOptions options) {
        this(model, Loss.crossEntropy(), options);
    }

    public BackwardPass(LanguageModel model, Loss minimised, MemoryOptions options) {
        this.minimised = minimised;
        this.model = model;
        this.transformer = model.transformer();
        this.options = options;
        this.dropout = transformer.projections().stream()
                .flatMap(projection -> projection.loraWeights().stream())
                .anyMatch(weights -> weights.dropout() > 0);
        this.layerCache = new DequantizedLayerCache(model.manager());
        this.headCache = new DequantizedLayerCache(model.manager());
    }

    /** Computes the loss that evaluations report, without gradients. */
    public static LossResult evaluate(LanguageModel model, LossInput input, int rowsAtATime) {
        try (NDManager scope = model.manager().newSubManager()) {
            ForwardContext context = input.reading(input.input().context(scope, false), scope);
            OutputLoss loss = input.on(scope, model.transformer(), context, rowsAtATime);
            loss.evaluate(
                    model.transformer().hidden(model.ids(scope, input.input().ids()), context));
            return loss.result();
        }
    }

    /** Computes the same of several batches. */
    public static LossResult evaluate(Objective objective, List<Batch> batches) {
        LossResult all = LossResult.NONE;
        for (Batch batch : batches) {
            StoppedException.check("Evaluation was stopped; nothing has changed");
            all = all.plus(evaluate(objective.model(), objective.lossInput(batch), 0));
        }
        return all;
    }

    @Override
    public LossResult accumulate(List<MicroBatch> microBatches, BiConsumer<Batch, MicroBatchArrays> observer) {
        LossResult all = LossResult.NONE;
        for (MicroBatch microBatch : microBatches) {
            StoppedException.check("Training was stopped");
            all = all.plus(accumulate(
                    microBatch.input(),
                    microBatch.factor(),
                    microBatch.dropoutSeed(),
                    arrays -> observer.accept(microBatch.batch(), arrays)));
        }
        return all;
    }

    /**
     * Computes the loss, a sum over the labels, and adds {@code factor} times its gradient to the gradients of the trained
     * parameters.
     *
     * @param dropoutSeed of a {@link MicroBatch}
     * @param observer sees the arrays before they are freed
     */
    public LossResult accumulate(
            LossInput input, double factor, long dropoutSeed, Consumer<MicroBatchArrays> observer) {
        try (NDManager scope = model.manager().newSubManager()) {
            MicroBatchPass pass = new MicroBatchPass(scope, input, factor, dropoutSeed);
            if (dropout) {
                Autograd.drawing(pass::run);
            } else {
                pass.run();
            }
            observer.accept(pass.arrays());
            return pass.loss.result();
        } finally {
            releaseWithRecompute(layerCache);
        }
    }

    /** Keeps the dequantised weights where all activations are kept: the peak includes them anyway. */
    private void releaseWithRecompute(DequantizedLayerCache cache) {
        if (options.recompute()) {
            cache.close();
        }
    }

    @Override
    public long keptBytes() {
        return layerCache.bytes() + headCache.bytes();
    }

    @Override
    public void close() {
        layerCache.close();
        headCache.close();
    }

    /** The forward and backward pass of one micro-batch. */
    private final class MicroBatchPass {

        private final NDManager scope;
        private final LossInput input;
        private final NDArray ids;
        private final ForwardContext context;
        private final long seed;
        private final OutputLoss loss;
        private final double factor;
        private Transformer.Entrance entrance;
        private NDArray output;

        MicroBatchPass(NDManager scope, LossInput input, double factor, long seed) {
            this.scope = scope;
            this.seed = seed;
            this.input = input;
            this.ids = model.ids(scope, input.input().ids());
            this.context =
                    input.reading(input.input().context(scope, true), scope).dequantized(layerCache);
            this.factor = factor;
            this.loss = input.on(scope, transformer, context.dequantized(headCache), options.lossRows());
        }

        void run() {
            boolean trainsEmbeddings = isTrained(transformer.embeddings().used());
            Supplier<Transformer.Entrance> enter = () -> transformer.enter(ids, context);
            entrance = trainsEmbeddings ? Autograd.recorded(enter) : Autograd.unrecorded(enter);
            int first = firstTrained(transformer);
            NDArray x = forward(new LayerRange(0, first), entrance.x(), false);
            try (NDArray gradient = forwardAndBackward(ranges(first), x, trainsEmbeddings)) {
                if (trainsEmbeddings) {
                    Autograd.backward(entrance.x(), gradient);
                }
            }
        }

        /** Runs the layer ranges and the head forward and backward; returns the gradient of {@code x}, or null if not needed. */
        private NDArray forwardAndBackward(List<LayerRange> ranges, NDArray x, boolean needsGradient) {
            if (ranges.isEmpty()) {
                output = Autograd.leaf(x, needsGradient);
                loss.accumulate(output, minimised, factor);
                releaseWithRecompute(headCache);
                return needsGradient ? Autograd.gradient(output) : null;
            }
            List<LayerRange> rest = ranges.subList(1, ranges.size());
            // The backward pass of the last range follows at once, so recomputing it would save no memory.
            return options.recompute() && !rest.isEmpty()
                    ? withRecompute(ranges.get(0), rest, x, needsGradient)
                    : withKeptActivations(ranges.get(0), rest, x, needsGradient);
        }

        private NDArray withKeptActivations(LayerRange range, List<LayerRange> rest, NDArray x, boolean needsGradient) {
            NDArray in = Autograd.leaf(x, needsGradient);
            try (NDArray out = forward(range, in, true);
                    NDArray gradient = forwardAndBackward(rest, out, true)) {
                return backward(range, in, out, gradient, needsGradient);
            }
        }

        private NDArray withRecompute(LayerRange range, List<LayerRange> rest, NDArray x, boolean needsGradient) {
            NDArray gradient;
            try (NDArray unrecorded = forward(range, x, false)) {
                gradient = forwardAndBackward(rest, unrecorded, true);
            }
            NDArray in = Autograd.leaf(x, needsGradient);
            try (gradient;
                    NDArray out = forward(range, in, true)) {
                return backward(range, in, out, gradient, needsGradient);
            }
        }

        private NDArray backward(LayerRange range, NDArray in, NDArray out, NDArray gradient, boolean needsGradient) {
            if (range.size() == 1) {
                layerCache.hold(transformer.layers().get(range.from).projections());
            }
            Autograd.backward(out, gradient);
            try (in) {
                return needsGradient ? Autograd.gradient(in) : null;
            }
        }

        /** Runs layers, keeps {@code x} open and closes the arrays in between; each layer has its own dropout seed. */
        private NDArray forward(LayerRange range, NDArray x, boolean recorded) {
            Supplier<NDArray> layers = () -> {
                NDArray hidden = x;
                for (int i = range.from; i < range.to; i++) {
                    NDArray before = hidden;
                    if (dropout) {
                        Autograd.seed(seed + i);
                    }
                    hidden = transformer.layer(i, before, entrance.shared(), context);
                    if (before != x) {
                        before.close();
                    }
                }
                return hidden;
            };
            return recorded ? Autograd.recorded(layers) : Autograd.unrecorded(layers);
        }

        MicroBatchArrays arrays() {
            return new MicroBatchArrays(
                    ids, loss.labels(), () -> loss.logits(output, input.input().context(scope, false)));
        }
    }

    private List<LayerRange> ranges(int first) {
        int layers = transformer.layers().size();
        if (first == layers) {
            return List.of();
        }
        return options.recompute() || transformer.isQuantized()
                ? IntStream.range(first, layers)
                        .mapToObj(i -> new LayerRange(i, i + 1))
                        .toList()
                : List.of(new LayerRange(first, layers));
    }

    /** The first layer that the backward pass must reach; the number of layers if it ends at the head. */
    public static int firstTrained(Transformer transformer) {
        if (isTrained(transformer.embeddings().used())) {
            return 0;
        }
        List<Layer> layers = transformer.layers();
        return IntStream.range(0, layers.size())
                .filter(i -> isTrained(layers.get(i).parametersAndAdapters()))
                .findFirst()
                .orElse(layers.size());
    }

    private static boolean isTrained(Collection<Parameter> parameters) {
        return parameters.stream().anyMatch(Parameter::requiresGradient);
    }
}
