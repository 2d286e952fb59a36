package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.tensor.Precision;

/** Makes a model's blocks from a {@link Source}, array by array, so that the peak is the model plus one array. */
final class Builder {

    private final Source source;
    private final Config config;
    private final Precision precision;
    private final NDManager manager;
    private final NDManager host;
    private final Progress progress;
    private int taken;

    /**
     * @param manager owns the parameters, on the model's device
     * @param host owns the small arrays that stay on the CPU
     */
    Builder(Source source, Config config, Precision precision, NDManager manager, NDManager host, Progress progress) {
        this.source = source;
        this.config = config;
        this.precision = precision;
        this.manager = manager;
        this.host = host;
        this.progress = progress;
    }

    NDManager manager() {
        return manager;
    }

    Precision precision() {
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
        if (precision == Precision.FLOAT32) {
            return Parameters.frozen(name, array);
        }
        try (array) {
            return Parameters.frozen(name, precision.cast(array));
        }
    }

    /** A normalisation, which stays in float32. */
    Norm norm(String path) {
        Parameter weight = Parameters.frozen(path + ".weight", take(path + ".weight"));
        Parameter bias = source.has(path + ".bias") ? Parameters.frozen(path + ".bias", take(path + ".bias")) : null;
        return new Norm(weight, bias, config.epsilon(), host);
    }

    Projection projection(String path, Projection.Slice... slices) {
        Parameter weight = parameter(path + ".weight");
        boolean biased = config.biases().on(path) || source.has(path + ".bias");
        Parameter bias = biased ? parameter(path + ".bias") : null;
        return new Projection(path, weight, bias, precision, host, slices);
    }

    /** The output head: the token table itself where they are tied. */
    Projection head(String path, Parameter tokens) {
        Parameter weight = config.tied() ? tokens : parameter(path + ".weight");
        return new Projection(path, weight, null, precision, host);
    }

    private NDArray take(String name) {
        StoppedException.check("Loading was stopped at " + name + "; nothing is left behind");
        NDArray array = source.take(name, manager);
        progress.at(++taken, name);
        return array;
    }
}
