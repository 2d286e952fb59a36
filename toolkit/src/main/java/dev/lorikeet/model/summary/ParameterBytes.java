package dev.lorikeet.model.summary;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import dev.lorikeet.tensor.Ops;
import java.util.List;

/**
 * How much memory a model's parameters take, in bytes.
 *
 * @param frozen of those that training leaves alone
 * @param trained of those that it changes
 */
public record ParameterBytes(long frozen, long trained) {

    /** @param beside arrays that frozen parameters need beside their own */
    public static ParameterBytes of(List<Parameter> parameters, NDList beside) {
        NDList frozen = new NDList(beside);
        NDList trained = new NDList();
        for (Parameter parameter : parameters) {
            (parameter.requiresGradient() ? trained : frozen).add(parameter.getArray());
        }
        return new ParameterBytes(Ops.bytes(frozen), Ops.bytes(trained));
    }
}
