package dev.lorikeet.model.summary;

import ai.djl.nn.Parameter;
import java.util.List;
import java.util.Locale;

/**
 * How many parameters a model has.
 *
 * @param total of all parameters
 * @param trainable of those that are not frozen
 */
public record ParameterCount(long total, long trainable) {

    public static ParameterCount of(List<Parameter> parameters) {
        long total = 0;
        long trainable = 0;
        for (Parameter parameter : parameters) {
            long size = parameter.getShape().size();
            total += size;
            trainable += parameter.requiresGradient() ? size : 0;
        }
        return new ParameterCount(total, trainable);
    }

    /** The trainable share, 0 to 100. */
    public double percent() {
        return total == 0 ? 0 : 100.0 * trainable / total;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d trainable of %,d parameters (%.2f %%)", trainable, total, percent());
    }
}
