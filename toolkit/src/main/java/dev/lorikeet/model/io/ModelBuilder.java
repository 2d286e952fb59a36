package dev.lorikeet.model.io;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.block.InputEmbedding;
import dev.lorikeet.model.block.Layer;
import dev.lorikeet.model.block.Norm;
import dev.lorikeet.model.block.Parameters;
import dev.lorikeet.model.block.Pooler;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.block.Weight;
import dev.lorikeet.model.config.EncoderConfig;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.tensor.format.QuantizedArray;
import dev.lorikeet.text.Tokenizer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Makes a model's blocks from a {@link WeightSource}, array by array, so that the peak is the model plus one array. */
public final class ModelBuilder {

    private final WeightSource source;
    private final ModelConfig config;
    private final Family family;
    private final DType dtype;
    private final Quantization quantization;
    private final NDManager manager;
    private final NDManager host;
    private final Progress progress;
    private int taken;
    private int dense;

    /**
     * @param quantization of the projections' weights, or null
     * @param manager owns the parameters, on the model's device
     * @param host owns the small arrays that stay on the CPU
     */
    private ModelBuilder(
            WeightSource source,
            ModelConfig config,
            DType dtype,
            Quantization quantization,
            NDManager manager,
            NDManager host,
            Progress progress) {
        this.source = source;
        this.config = config;
        this.family = Families.named(config.family());
        this.dtype = dtype;
        this.quantization = quantization;
        this.manager = manager;
        this.host = host;
        this.progress = progress;
    }

    /** Builds a model on {@code device} and gives it the tokenizer, which is closed if anything goes wrong. */
    public static LoadedModel build(
            String name,
            WeightSource source,
            ModelConfig config,
            Tokenizer tokenizer,
            Device device,
            DType dtype,
            Quantization quantization) {
        NDManager manager = Torch.manager(device);
        boolean built = false;
        try (Progress progress =
                Progress.start(title(name, quantization), source.size()).in("tensors")) {
            NDManager host = manager.newSubManager(Device.cpu());
            Transformer transformer =
                    new ModelBuilder(source, config, dtype, quantization, manager, host, progress).transformer();
            progress.at(source.size(), "");
            Lifetime lifetime = new Lifetime(manager, tokenizer);
            built = true;
            return new LoadedModel(name, source.origin(), transformer, tokenizer, manager, lifetime);
        } finally {
            if (!built) {
                manager.close();
                tokenizer.close();
            }
        }
    }

    private static String title(String name, Quantization quantization) {
        return quantization == null || quantization == Quantization.AS_STORED
                ? "Loading " + name
                : "Loading " + name + " and quantizing it to " + quantization;
    }

    private Transformer transformer() {
        Weight tokens = vocabulary(family.weight(config, Part.TOKENS, 0));
        Norm embeddingNorm = family.has(Part.EMBEDDING_NORM) ? norm(Part.EMBEDDING_NORM, 0) : null;
        List<Layer> layers =
                IntStream.range(0, config.layers()).mapToObj(this::layer).toList();
        Norm finalNorm = family.has(Part.FINAL_NORM) ? norm(Part.FINAL_NORM, 0) : null;
        Projection head = family.has(Part.HEAD) ? head(tokens) : null;
        if (dense > 0) {
            System.out.printf(
                    "%d weights stay dense: their rows do not divide into the blocks of %s.%n", dense, quantization);
        }
        Weight positions = family.has(Part.POSITIONS) ? table(family.weight(config, Part.POSITIONS, 0)) : null;
        Weight types = family.has(Part.TOKEN_TYPES) ? table(family.weight(config, Part.TOKEN_TYPES, 0)) : null;
        InputEmbedding embeddings = new InputEmbedding(config, tokens, positions, types, embeddingNorm);
        return new Transformer(config, dtype, embeddings, layers, finalNorm, pooler(), head, manager);
    }

    /** The pooler, if the source has one. */
    private Pooler pooler() {
        if (!family.has(Part.POOLER) || !source.has(family.weight(config, Part.POOLER, 0))) {
            return null;
        }
        EncoderConfig encoder = config.encoder().orElseThrow();
        return new Pooler(
                projection(Part.POOLER, 0),
                encoder.pooler(),
                family.has(Part.POOLER_NORM) ? norm(Part.POOLER_NORM, 0) : null,
                !encoder.poolerIsPretrained());
    }

    private Layer layer(int number) {
        Map<Part, Norm> norms = new EnumMap<>(Part.class);
        Map<Part, Projection> projections = new EnumMap<>(Part.class);
        for (Part part : family.parts()) {
            if (!part.isInLayer() || !family.has(part, number)) {
                continue;
            }
            if (part.isNorm()) {
                norms.put(part, norm(part, number));
            } else {
                projections.put(part, projection(part, number));
            }
        }
        return new Layer(family.layerPath(number), number, config, norms, projections);
    }

    /** A weight or bias of a projection, or a table, in the model's dtype. */
    private Parameter parameter(TensorSpec tensor) {
        NDArray array = take(tensor, manager);
        if (dtype == DType.FLOAT32) {
            return Parameters.frozen(tensor.huggingFace(), array);
        }
        try (array) {
            return Parameters.frozen(tensor.huggingFace(), dtype.cast(array));
        }
    }

    /** A table of vectors: quantized if the source has it so and that is wanted, else dense. */
    private Weight table(TensorSpec tensor) {
        return stored(tensor).orElseGet(() -> Weight.of(parameter(tensor), host));
    }

    /** The table of token vectors, or a head's weight: as {@link #table}, but that 8 bits are good enough for it. */
    private Weight vocabulary(TensorSpec tensor) {
        return quantization == Quantization.INT8 && !source.keepsForms() ? quantized(tensor) : table(tensor);
    }

    private Optional<Weight> stored(TensorSpec tensor) {
        if (quantization != Quantization.AS_STORED && !source.keepsForms()) {
            return Optional.empty();
        }
        checkStopped(tensor);
        Optional<QuantizedArray> found = source.quantized(tensor, manager);
        found.ifPresent(array -> progress.at(++taken, tensor.huggingFace()));
        return found.map(array -> Weight.of(tensor.huggingFace(), array, host));
    }

    private Weight quantized(TensorSpec tensor) {
        if (quantization == null || quantization == Quantization.AS_STORED) {
            return Weight.of(parameter(tensor), host);
        }
        if (!QuantizedArray.fits(tensor.shape(), quantization)) {
            dense++;
            return Weight.of(parameter(tensor), host);
        }
        try (NDManager scope = host.newSubManager();
                NDArray array = take(tensor, scope)) {
            return Weight.of(tensor.huggingFace(), QuantizedArray.of(array, quantization, manager), host);
        }
    }

    /** A normalisation, which stays in float32. */
    private Norm norm(Part part, int layer) {
        TensorSpec weight = family.weight(config, part, layer);
        TensorSpec bias = family.bias(config, part, layer);
        boolean biased = part.isBiased(config) && source.has(bias);
        return new Norm(
                config.norm(),
                Parameters.frozen(weight.huggingFace(), take(weight, manager)),
                biased ? Parameters.frozen(bias.huggingFace(), take(bias, manager)) : null,
                config.normEpsilon(),
                host);
    }

    private Projection projection(Part part, int layer) {
        TensorSpec tensor = family.weight(config, part, layer);
        Weight weight = stored(tensor).orElseGet(() -> quantized(tensor));
        TensorSpec bias = checkedBias(part, layer);
        return new Projection(
                family.path(part, layer),
                weight,
                part.isBiased(config) ? parameter(bias) : null,
                dtype,
                host,
                Projection.Slice.of(part, config));
    }

    /** The bias of a part, which a source must lack if the settings know none. */
    private TensorSpec checkedBias(Part part, int layer) {
        TensorSpec bias = family.bias(config, part, layer);
        if (!part.isBiased(config) && source.has(bias)) {
            throw new BadFileException(
                    source.path(),
                    "has \"%s\"; by the model's configuration there is none".formatted(bias.huggingFace()));
        }
        return bias;
    }

    /** The output head: the token table itself where they are tied, and for a classifier, which brings a head of its own. */
    private Projection head(Weight tokens) {
        checkedBias(Part.HEAD, 0);
        boolean shared = config.tiedEmbeddings()
                || TaskHead.isIn(source, config) && !source.has(family.weight(config, Part.HEAD, 0));
        Weight weight = shared ? tokens : vocabulary(family.weight(config, Part.HEAD, 0));
        return new Projection(family.path(Part.HEAD, 0), weight, null, dtype, host, List.of());
    }

    private NDArray take(TensorSpec tensor, NDManager owner) {
        checkStopped(tensor);
        NDArray array = source.take(tensor, owner);
        progress.at(++taken, tensor.huggingFace());
        return array;
    }

    private static void checkStopped(TensorSpec tensor) {
        StoppedException.check("Loading was stopped at " + tensor.huggingFace() + "; nothing is left behind");
    }
}
