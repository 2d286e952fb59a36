package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import dev.lorikeet.tensor.Precision;

/** DJL parameters around arrays that exist, and their change of role. */
public final class Parameters {

    private Parameters() {}

    /** One that training leaves alone until somebody thaws it. */
    public static Parameter frozen(String name, NDArray array) {
        return of(name, array, false);
    }

    /** One that training changes. */
    public static Parameter trainable(String name, NDArray array) {
        Parameter parameter = of(name, array, true);
        parameter.freeze(false);
        return parameter;
    }

    /**
     * Freezes or thaws a parameter: its numbers move to the type of their new role, and a gradient that it had goes.
     *
     * @param type in which its array is kept from now on
     */
    static void change(Parameter parameter, boolean frozen, Precision type) {
        NDArray changed = type.cast(parameter.getArray());
        parameter.close();
        parameter.freeze(frozen);
        // DJL gives a parameter a new array by no other way.
        parameter.setInitializer((manager, shape, ignored) -> changed);
        parameter.initialize(changed.getManager(), DataType.FLOAT32);
    }

    private static Parameter of(String name, NDArray array, boolean trained) {
        return Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.OTHER)
                .optShape(array.getShape())
                .optArray(array)
                .optRequiresGrad(trained)
                .build();
    }
}
