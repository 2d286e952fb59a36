package dev.lorikeet.tensor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/**
 * A call of a function of the script, its arguments given by the names that the script declares. A number or flag is passed as
 * the type that is declared; where that is Tensor, as in all functions that autograd may record, it becomes a small tensor.
 *
 * <p>A tensor that a call returns belongs to the manager of the first tensor that was given, or to that of {@link #owner}.
 */
public final class Call {

    private final Signature signature;
    private final Object[] arguments;
    private NDManager owner;

    private Call(Signature signature) {
        this.signature = signature;
        this.arguments = new Object[signature.parameters().size()];
    }

    /** @throws dev.lorikeet.base.UnknownNameException if the script has no such function */
    public static Call of(String function) {
        return new Call(ScriptModule.signature(function));
    }

    public Call with(String parameter, NDArray tensor) {
        if (owner == null) {
            owner = tensor.getManager();
        }
        return put(parameter, tensor);
    }

    public Call with(String parameter, boolean flag) {
        return put(parameter, flag);
    }

    public Call with(String parameter, long number) {
        return put(parameter, number);
    }

    public Call with(String parameter, double number) {
        return put(parameter, number);
    }

    public Call with(String parameter, long[] numbers) {
        return put(parameter, numbers);
    }

    public Call with(String parameter, double[] numbers) {
        return put(parameter, numbers);
    }

    /** A list of tensors; in a call that may be recorded no tensor may be in two lists, and no list may be empty. */
    public Call with(String parameter, NDList tensors) {
        return put(parameter, tensors);
    }

    /** A list of tensors that was put together before; not in a call that may be recorded. */
    public Call with(String parameter, TensorList tensors) {
        return put(parameter, tensors);
    }

    private Call put(String parameter, Object value) {
        arguments[signature.position(parameter)] = value;
        return this;
    }

    /** Says to whom the result is to belong. */
    public Call owner(NDManager manager) {
        this.owner = manager;
        return this;
    }

    /** {@link #recorded} if that is wanted, as in training, else {@link #inferred}. */
    public NDArray recordedIf(boolean wanted) {
        return wanted ? recorded() : inferred();
    }

    /** Runs the function; autograd records it if it does so in this thread, and in any case the result may be part of a graph. */
    public NDArray recorded() {
        try (Temporaries temporaries = new Temporaries()) {
            NDList inputs = new NDList();
            for (int i = 0; i < arguments.length; i++) {
                if (arguments[i] instanceof NDList list) {
                    addList(inputs, list, i);
                } else {
                    NDArray tensor = temporaries.tensor(required(i), this, i);
                    tensor.setName(null);
                    inputs.add(tensor);
                }
            }
            NDManager given = inputs.head().getManager();
            NDArray result = ScriptModule.forward(signature.function(), inputs);
            if (owner != null && owner != given) {
                result.attach(owner);
            }
            return result;
        }
    }

    /** DJL's JNI takes tensors of one name for a list. */
    private void addList(NDList inputs, NDList list, int position) {
        if (list.isEmpty()) {
            throw wrong(position, "an empty list, which a call that may be recorded cannot pass on");
        }
        String name = "list" + position + "[]";
        for (NDArray tensor : list) {
            tensor.setName(name);
            inputs.add(tensor);
        }
    }

    /** Runs the function in inference mode: its result can never be part of a graph that autograd records, not even as a constant. */
    public NDArray inferred() {
        try (IValue result = infer()) {
            return result.toTensor((PtNDManager) owner);
        }
    }

    /** Runs a function that returns a whole number. */
    public long inferredLong() {
        try (IValue result = infer()) {
            return result.toLong();
        }
    }

    /** Runs a function that returns a floating-point number. */
    public double inferredDouble() {
        try (IValue result = infer()) {
            return result.toDouble();
        }
    }

    /** Runs a function that returns nothing. */
    public void run() {
        infer().close();
    }

    private IValue infer() {
        IValue[] inputs = new IValue[arguments.length];
        try (Temporaries temporaries = new Temporaries()) {
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = temporaries.value(required(i), this, i);
            }
            return ScriptModule.infer(signature.function(), inputs);
        }
    }

    private Object required(int position) {
        if (arguments[position] == null) {
            throw wrong(position, "missing");
        }
        return arguments[position];
    }

    private IllegalArgumentException wrong(int position, String what) {
        return new IllegalArgumentException(
                signature + ": \"" + signature.parameters().get(position).name() + "\" is " + what);
    }

    /** What is made for one call alone. */
    private static final class Temporaries implements AutoCloseable {

        private final List<AutoCloseable> made = new ArrayList<>();

        /** An argument as a tensor. */
        NDArray tensor(Object value, Call call, int position) {
            if (value instanceof NDArray tensor) {
                return tensor;
            }
            NDManager host = PyTorchEngine.host();
            NDArray tensor;
            if (value instanceof Boolean flag) {
                tensor = host.create(flag);
            } else if (value instanceof Long number) {
                tensor = host.create((long) number);
            } else if (value instanceof Double number) {
                tensor = host.create((double) number);
            } else if (value instanceof long[] numbers) {
                tensor = host.create(numbers);
            } else if (value instanceof double[] numbers) {
                tensor = host.create(numbers);
            } else {
                throw call.wrong(position, "no tensor, number or flag");
            }
            made.add(tensor);
            return tensor;
        }

        /** An argument as its declared type. */
        IValue value(Object value, Call call, int position) {
            if (value instanceof TensorList list) {
                return list.value();
            }
            IValue made =
                    switch (call.signature.parameters().get(position).type()) {
                        case TENSOR -> IValue.from((PtNDArray) tensor(value, call, position));
                        case TENSORS -> TensorList.of((NDList) value).value();
                        case BOOL -> IValue.from((boolean) value);
                        case INT -> IValue.from((long) value);
                        case FLOAT -> IValue.from(((Number) value).doubleValue());
                        case INTS -> IValue.listFrom((long[]) value);
                        case FLOATS -> IValue.listFrom((double[]) value);
                        case NONE, INTERNAL -> throw call.wrong(position, "of a type that Java cannot pass on");
                    };
            this.made.add(made);
            return made;
        }

        @Override
        public void close() {
            for (AutoCloseable each : made) {
                try {
                    each.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
