package dev.lorikeet.model.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.lorikeet.tensor.DType;

/** DJL parameters around arrays that exist, and their change of role. */
public final class Parameters {

    private Parameters() {}

    /** One that training leaves alone until somebody thaws it. */
    public static Parameter frozen(String name, NDArray array) {
        return of(name, array.getShape(), array, false);
    }

    /** Makes a frozen parameter whose array is quantized and so has another shape. */
    public static Parameter frozen(String name, Shape shape, NDArray array) {
        return of(name, shape, array, false);
    }

    /** One that training changes. */
    public static Parameter trainable(String name, NDArray array) {
        Parameter parameter = of(name, array.getShape(), array, true);
        parameter.freeze(false);
        return parameter;
    }

    /**
     * Freezes or thaws a parameter: its values are cast to the dtype of its new role, and a gradient that it had goes.
     *
     * @param type in which its array is kept from now on
     */
    public static void change(Parameter parameter, boolean frozen, DType type) {
        NDArray changed = type.cast(parameter.getArray());
        parameter.close();
        parameter.freeze(frozen);
        place(parameter, changed);
    }

    /** Gives a frozen parameter another array and closes the one that it had. */
    public static void replace(Parameter parameter, NDArray array) {
        parameter.close();
        place(parameter, array);
    }

    private static void place(Parameter parameter, NDArray array) {
        // DJL gives a parameter a new array by no other way.
        parameter.setInitializer((manager, shape, ignored) -> array);
        parameter.initialize(array.getManager(), DataType.FLOAT32);
    }

    private static Parameter of(String name, Shape shape, NDArray array, boolean trained) {
        return Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.OTHER)
                .optShape(shape)
                .optArray(array)
                .optRequiresGrad(trained)
                .build();
    }
}
