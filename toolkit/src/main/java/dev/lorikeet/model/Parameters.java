package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;

/** DJL parameters around arrays that exist. */
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
