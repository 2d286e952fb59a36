package dev.lorikeet.model;

import ai.djl.nn.Parameter;
import dev.lorikeet.tensor.Precision;
import java.util.List;

/**
 * How much memory a model's parameters take, in bytes.
 *
 * @param frozen of those that training leaves alone
 * @param trained of those that it changes
 */
public record ParameterBytes(long frozen, long trained) {

    static ParameterBytes of(List<Parameter> parameters) {
        long frozen = 0;
        long trained = 0;
        for (Parameter parameter : parameters) {
            long bytes = parameter.getShape().size()
                    * Precision.of(parameter.getArray()).bytes();
            frozen += parameter.requiresGradient() ? 0 : bytes;
            trained += parameter.requiresGradient() ? bytes : 0;
        }
        return new ParameterBytes(frozen, trained);
    }
}
