package dev.lorikeet.train.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.tensor.Autograd;
import dev.lorikeet.tensor.Ops;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parameters that training changes, and their values and gradients as bytes that machines exchange: float32, little-endian, in
 * the order of the names.
 */
public final class TrainedParameters {

    private static final NDIndex ALL = new NDIndex("...");

    private final NDManager manager;
    private final SortedMap<String, Parameter> byName;
    private final int size;

    private TrainedParameters(NDManager manager, SortedMap<String, Parameter> byName) {
        this.manager = manager;
        this.byName = Collections.unmodifiableSortedMap(byName);
        this.size = Math.toIntExact(byName.values().stream()
                .mapToLong(parameter -> parameter.getShape().size())
                .sum());
    }

    /** @throws ArithmeticException if they are more than bytes of an array can hold, half a billion */
    public static TrainedParameters of(LanguageModel model) {
        SortedMap<String, Parameter> byName = new TreeMap<>();
        names(model).forEach((parameter, name) -> byName.put(name, parameter));
        TrainedParameters trained = new TrainedParameters(model.manager(), byName);
        Math.multiplyExact(trained.size, Float.BYTES);
        return trained;
    }

    /** The names in checkpoints: those of the model's weight files, and PEFT's for the matrices of adapters. */
    public static Map<Parameter, String> names(LanguageModel model) {
        Map<Parameter, String> adapterNames = new IdentityHashMap<>();
        for (Projection projection : model.transformer().projections()) {
            for (LoraWeights weights : projection.loraWeights()) {
                String module = weights.target().equals(projection.name())
                        ? projection.path()
                        : projection.path() + "." + weights.target();
                adapterNames.put(weights.a(), module + ".lora_A." + weights.adapter());
                adapterNames.put(weights.b(), module + ".lora_B." + weights.adapter());
            }
        }
        Map<Parameter, String> names = new IdentityHashMap<>();
        model.parameters().stream()
                .filter(Parameter::requiresGradient)
                .forEach(parameter -> names.put(parameter, adapterNames.getOrDefault(parameter, parameter.getName())));
        return names;
    }

    /** The shape of each parameter by its name. */
    public SortedMap<String, Shape> shapes() {
        SortedMap<String, Shape> shapes = new TreeMap<>();
        byName.forEach((name, parameter) -> shapes.put(name, parameter.getShape()));
        return shapes;
    }

    /** The number of values. */
    public int size() {
        return size;
    }

    /** The values of all parameters. */
    public byte[] values() {
        return bytes(Parameter::getArray, false);
    }

    /** The gradients of all parameters, which are zero afterwards. */
    public byte[] takeGradients() {
        return bytes(parameter -> parameter.getArray().getGradient(), true);
    }

    private interface Arrays {
        NDArray of(Parameter parameter);
    }

    private byte[] bytes(Arrays arrays, boolean take) {
        ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (NDManager scope = manager.newSubManager()) {
            for (Parameter parameter : byName.values()) {
                NDArray array = arrays.of(parameter);
                float[] values = array.toFloatArray();
                bytes.asFloatBuffer().put(values);
                bytes.position(bytes.position() + values.length * Float.BYTES);
                if (take) {
                    // The engine makes a new handle of a gradient on each call.
                    array.attach(scope);
                    array.set(ALL, 0f);
                }
            }
        }
        return bytes.array();
    }

    /** Sets the values of all parameters to those of {@link #values}, of this model or of one of the same shape. */
    public void assign(byte[] values) {
        each(values, (parameter, array) -> Ops.assign(parameter.getArray(), array));
    }

    /** Adds to the gradients of all parameters. */
    public void addGradients(byte[] gradients) {
        // A backward pass that begins at a parameter ends there too: it adds to the gradient, allocated or not.
        each(gradients, (parameter, array) -> Autograd.backward(parameter.getArray(), array));
    }

    private interface Use {
        void of(Parameter parameter, NDArray array);
    }

    private void each(byte[] values, Use use) {
        BadArgumentException.unless(
                values.length == size * Float.BYTES,
                "bytes of the trained parameters",
                values.length,
                size * Float.BYTES + ", four for each of " + size);
        ByteBuffer bytes = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN);
        try (NDManager scope = manager.newSubManager()) {
            for (Parameter parameter : byName.values()) {
                float[] part = new float[Math.toIntExact(parameter.getShape().size())];
                bytes.asFloatBuffer().get(part);
                bytes.position(bytes.position() + part.length * Float.BYTES);
                // A copy: the engine may keep the array as the gradient, and this one's memory is Java's.
                use.of(parameter, scope.create(part, parameter.getShape()).duplicate());
            }
        }
    }
}
