package dev.lorikeet.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.lorikeet.model.block.DequantizedLayerCache;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.Layer;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.tensor.Autograd;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Losses and their gradients. The trained layers run in spans: all in one, or each for itself. The latter with recomputation, where
 * nothing is kept of a span but what enters it, until the backward pass comes by and runs it again; and on a quantised base, whose
 * weights are widened once in each direction, a layer's at a time.
 */
final class BackwardPass implements AutoCloseable {

    /** Between the states of a {@link SplittableRandom}: an update takes that number of it which its own number says. */
    private static final long STRIDE = 0x9E3779B97F4A7C15L;

    /**
     * What a backward pass saw, as long as its arrays live.
     *
     * @param ids int64 (batch, time)
     * @param labels int64 (rows)
     * @param logits computes float32 (rows, classes), which training itself need not hold
     */
    record Seen(NDArray ids, NDArray labels, Supplier<NDArray> logits) {}

    /** Consecutive layers: from the first one to before the other. */
    private record Span(int from, int to) {

        int layers() {
            return to - from;
        }
    }

    private final LanguageModel model;
    private final Transformer transformer;
    private final MemoryOptions knobs;
    private final long seed;
    private final boolean dropout;
    private final DequantizedLayerCache ofLayers;
    private final DequantizedLayerCache ofHead;
    private long nextSeed;

    /** @param seed of dropout */
    BackwardPass(LanguageModel model, MemoryOptions knobs, long seed) {
        this.model = model;
        this.transformer = model.transformer();
        this.knobs = knobs;
        this.seed = seed;
        this.dropout = transformer.projections().stream()
                .flatMap(projection -> projection.deltas().stream())
                .anyMatch(delta -> delta.dropout() > 0);
        this.ofLayers = new DequantizedLayerCache(model.manager());
        this.ofHead = new DequantizedLayerCache(model.manager());
        begin(0);
    }

    /** Begins an update. What dropout draws depends on its number alone, so that a run that is taken up again goes on alike. */
    void begin(int update) {
        nextSeed = new SplittableRandom(seed + update * STRIDE).nextLong();
    }

    /** The seed of a micro-batch, from which that of the next one in the update follows. */
    private long drawSeed() {
        long drawn = nextSeed;
        nextSeed = new SplittableRandom(drawn).nextLong();
        return drawn;
    }

    /** Only answers; nothing is learned. */
    static LossResult score(LanguageModel model, LossInput question, int rowsAtATime) {
        try (NDManager scope = model.manager().newSubManager()) {
            ForwardContext pass = question.pass(scope, false);
            ChunkedCrossEntropy head =
                    new ChunkedCrossEntropy(scope, model.transformer(), pass, question, rowsAtATime, 0);
            head.score(model.transformer().hidden(model.ids(scope, question.ids()), pass));
            return head.answer();
        }
    }

    /**
     * Adds {@code factor} times the gradient of the loss, a sum over the labels, to those of the trained parameters.
     *
     * @param observer sees the arrays before they are freed
     */
    LossResult add(LossInput question, double factor, Consumer<Seen> observer) {
        try (NDManager scope = model.manager().newSubManager()) {
            Flow flow = new Flow(scope, question, factor);
            flow.run();
            observer.accept(flow.seen());
            return flow.head.answer();
        } finally {
            leave(ofLayers);
        }
    }

    /** Where every activation is kept, the peak has these numbers beside all of them: it costs nothing to keep them as well. */
    private void leave(DequantizedLayerCache widened) {
        if (knobs.recompute()) {
            widened.close();
        }
    }

    /** What it holds between two batches. */
    long keptBytes() {
        return ofLayers.bytes() + ofHead.bytes();
    }

    @Override
    public void close() {
        ofLayers.close();
        ofHead.close();
    }

    /** One batch on its way through the layers and back. */
    private final class Flow {

        private final NDManager scope;
        private final LossInput question;
        private final NDArray ids;
        private final ForwardContext pass;
        private final long seed = drawSeed();
        private final ChunkedCrossEntropy head;
        private Transformer.Entrance entrance;
        private NDArray output;

        Flow(NDManager scope, LossInput question, double factor) {
            this.scope = scope;
            this.question = question;
            this.ids = model.ids(scope, question.ids());
            this.pass = question.pass(scope, true).widened(ofLayers);
            this.head = new ChunkedCrossEntropy(
                    scope, transformer, pass.widened(ofHead), question, knobs.lossRows(), factor);
        }

        void run() {
            boolean tables = isTrained(transformer.tables());
            Supplier<Transformer.Entrance> enter = () -> transformer.enter(ids, pass);
            entrance = tables ? Autograd.recorded(enter) : Autograd.unrecorded(enter);
            int first = firstTrained(transformer);
            NDArray x = run(new Span(0, first), entrance.x(), false);
            try (NDArray gradient = backThrough(spans(first), x, tables)) {
                if (tables) {
                    Autograd.backward(entrance.x(), gradient);
                }
            }
        }

        /** Goes through the spans and the head and back; gives the gradient of {@code x} if it is wanted, else null. */
        private NDArray backThrough(List<Span> spans, NDArray x, boolean wanted) {
            if (spans.isEmpty()) {
                output = Autograd.leaf(x, wanted);
                head.add(output);
                leave(ofHead);
                return wanted ? Autograd.gradient(output) : null;
            }
            List<Span> rest = spans.subList(1, spans.size());
            // After the last one the backward pass follows at once: there is nothing to gain by running it twice.
            return knobs.recompute() && !rest.isEmpty()
                    ? again(spans.get(0), rest, x, wanted)
                    : once(spans.get(0), rest, x, wanted);
        }

        private NDArray once(Span span, List<Span> rest, NDArray x, boolean wanted) {
            NDArray in = Autograd.leaf(x, wanted);
            try (NDArray out = run(span, in, true);
                    NDArray gradient = backThrough(rest, out, true)) {
                return back(span, in, out, gradient, wanted);
            }
        }

        private NDArray again(Span span, List<Span> rest, NDArray x, boolean wanted) {
            NDArray gradient;
            try (NDArray forgotten = run(span, x, false)) {
                gradient = backThrough(rest, forgotten, true);
            }
            NDArray in = Autograd.leaf(x, wanted);
            try (gradient;
                    NDArray out = run(span, in, true)) {
                return back(span, in, out, gradient, wanted);
            }
        }

        private NDArray back(Span span, NDArray in, NDArray out, NDArray gradient, boolean wanted) {
            if (span.layers() == 1) {
                ofLayers.hold(transformer.layers().get(span.from).projections());
            }
            Autograd.backward(out, gradient);
            try (in) {
                return wanted ? Autograd.gradient(in) : null;
            }
        }

        /** Leaves {@code x} open and closes what lies between; each layer draws its dropout from a seed of its own. */
        private NDArray run(Span span, NDArray x, boolean recorded) {
            Supplier<NDArray> layers = () -> {
                NDArray at = x;
                for (int i = span.from; i < span.to; i++) {
                    NDArray before = at;
                    if (dropout) {
                        Autograd.seed(seed + i);
                    }
                    at = transformer.layer(i, before, entrance.shared(), pass);
                    if (before != x) {
                        before.close();
                    }
                }
                return at;
            };
            return recorded ? Autograd.recorded(layers) : Autograd.unrecorded(layers);
        }

        Seen seen() {
            return new Seen(
                    ids,
                    scope.create(question.labels()),
                    () -> transformer.logits(output, scope.create(question.rows()), question.pass(scope, false)));
        }
    }

    private List<Span> spans(int first) {
        int last = transformer.layers().size();
        if (first == last) {
            return List.of();
        }
        return knobs.recompute() || transformer.isQuantized()
                ? IntStream.range(first, last).mapToObj(i -> new Span(i, i + 1)).toList()
                : List.of(new Span(first, last));
    }

    /** The first layer that the backward pass must reach; their number if it ends at the head. */
    static int firstTrained(Transformer transformer) {
        if (isTrained(transformer.tables())) {
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
