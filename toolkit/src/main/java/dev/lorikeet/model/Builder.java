package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.format.QuantizedArray;
import java.util.Optional;

/** Makes a model's blocks from a {@link Source}, array by array, so that the peak is the model plus one array. */
final class Builder {

    private final Source source;
    private final Config config;
    private final DType precision;
    private final Quantization quantization;
    private final NDManager manager;
    private final NDManager host;
    private final Progress progress;
    private int taken;

    /**
     * @param quantization of the projections' weights, or null
     * @param manager owns the parameters, on the model's device
     * @param host owns the small arrays that stay on the CPU
     */
    Builder(
            Source source,
            Config config,
            DType precision,
            Quantization quantization,
            NDManager manager,
            NDManager host,
            Progress progress) {
        this.source = source;
        this.config = config;
        this.precision = precision;
        this.quantization = quantization;
        this.manager = manager;
        this.host = host;
        this.progress = progress;
    }

    NDManager manager() {
        return manager;
    }

    DType precision() {
        return precision;
    }

    Transformer build() {
        return switch (config.architecture()) {
            case GPT2 -> Gpt2.build(config, this);
            case LLAMA -> Llama.build(config, this);
        };
    }

    /** A weight or bias of a projection, or a table, in the model's precision. */
    Parameter parameter(String name) {
        NDArray array = take(name);
        if (precision == DType.FLOAT32) {
            return Parameters.frozen(name, array);
        }
        try (array) {
            return Parameters.frozen(name, precision.cast(array));
        }
    }

    /** A table of vectors: quantised if the source has it so and that is wanted, else numbers. */
    Weight table(String name) {
        return stored(name).orElseGet(() -> Weight.of(parameter(name), host));
    }

    /** The table of token vectors, or a head's weight: as {@link #table}, but that 8 bits are good enough for it. */
    Weight vocabulary(String name) {
        return quantization == Quantization.INT8 ? quantized(name) : table(name);
    }

    private Weight weight(String name) {
        return stored(name).orElseGet(() -> quantized(name));
    }

    private Optional<Weight> stored(String name) {
        if (quantization != Quantization.AS_STORED) {
            return Optional.empty();
        }
        checkStopped(name);
        Optional<QuantizedArray> found = source.quantized(name, manager);
        found.ifPresent(array -> progress.at(++taken, name));
        return found.map(array -> Weight.of(name, array, host));
    }

    private Weight quantized(String name) {
        if (quantization == null || !QuantizedArray.fits(Shapes.of(config, name), quantization)) {
            return Weight.of(parameter(name), host);
        }
        try (NDManager scope = host.newSubManager();
                NDArray array = take(name, scope)) {
            return Weight.of(name, QuantizedArray.of(array, quantization, manager), host);
        }
    }

    /** A normalisation, which stays in float32. */
    Norm norm(String path) {
        Parameter weight = Parameters.frozen(path + ".weight", take(path + ".weight"));
        Parameter bias = source.has(path + ".bias") ? Parameters.frozen(path + ".bias", take(path + ".bias")) : null;
        return new Norm(weight, bias, config.epsilon(), host);
    }

    Projection projection(String path, Projection.Slice... slices) {
        Weight weight = weight(path + ".weight");
        boolean biased = config.biases().on(path) || source.has(path + ".bias");
        Parameter bias = biased ? parameter(path + ".bias") : null;
        return new Projection(path, weight, bias, precision, host, slices);
    }

    /** The output head: the token table itself where they are tied. */
    Projection head(String path, Weight tokens) {
        Weight weight = config.tied() ? tokens : vocabulary(path + ".weight");
        return new Projection(path, weight, null, precision, host);
    }

    private NDArray take(String name) {
        return take(name, manager);
    }

    private NDArray take(String name, NDManager owner) {
        checkStopped(name);
        NDArray array = source.take(name, owner);
        progress.at(++taken, name);
        return array;
    }

    private static void checkStopped(String name) {
        StoppedException.check("Loading was stopped at " + name + "; nothing is left behind");
    }
}
