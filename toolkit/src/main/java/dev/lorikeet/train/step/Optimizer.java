package dev.lorikeet.train.step;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.tensor.Ops;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** AdamW with its state: two float32 arrays for each trained parameter, freed on close. */
public final class Optimizer implements AutoCloseable {

    /** The epsilon of PyTorch's clip_grad_norm_. */
    private static final double CLIP_EPSILON = 1e-6;

    private static final NDIndex ALL = new NDIndex("...");

    private final AdamW settings;
    private final NDManager manager;
    private final List<ParameterGroup> groups;
    private final boolean paged;
    private int steps;

    /** The optimizer state of a parameter: float32 arrays of its shape, PyTorch's exp_avg and exp_avg_sq. */
    public record Moments(NDArray mean, NDArray variance) {}

    /** Parameters with the same weight decay. */
    private record ParameterGroup(List<Parameter> parameters, NDList means, NDList variances, double decay) {

        static ParameterGroup of(NDManager manager, List<Parameter> parameters, double decay) {
            NDList means = new NDList();
            NDList variances = new NDList();
            for (Parameter parameter : parameters) {
                means.add(manager.zeros(parameter.getShape()));
                variances.add(manager.zeros(parameter.getShape()));
            }
            return new ParameterGroup(List.copyOf(parameters), means, variances, decay);
        }
    }

    /** Creates an optimizer for the parameters that are not frozen. */
    public Optimizer(AdamW settings, List<Parameter> parameters, NDManager parent) {
        this(
                settings,
                parameters,
                parent,
                settings.onHost() && parent.getDevice().isGpu());
    }

    /** @param paged whether the state is on the CPU and copied to the parameters' device one parameter at a time */
    public Optimizer(AdamW settings, List<Parameter> parameters, NDManager parent, boolean paged) {
        List<Parameter> trained =
                parameters.stream().filter(Parameter::requiresGradient).toList();
        if (trained.isEmpty()) {
            throw new LorikeetException(
                    "There is nothing to train: every parameter is frozen. Inject an adapter (Lora.rank(16).inject(model)) or "
                            + "unfreeze the model (model.freeze(false))");
        }
        this.settings = settings;
        this.paged = paged;
        this.manager = parent.newSubManager();
        NDManager stateManager = paged ? manager.newSubManager(Device.cpu()) : manager;
        List<Parameter> matrices = trained.stream().filter(Optimizer::isMatrix).toList();
        List<Parameter> vectors =
                trained.stream().filter(parameter -> !isMatrix(parameter)).toList();
        double vectorDecay = settings.decayVectors() ? settings.weightDecay() : 0;
        this.groups = List.of(
                ParameterGroup.of(stateManager, matrices, settings.weightDecay()),
                ParameterGroup.of(stateManager, vectors, vectorDecay));
    }

    private static boolean isMatrix(Parameter parameter) {
        return parameter.getShape().dimension() > 1;
    }

    /**
     * Updates the parameters and sets their gradients to zero. Gradients that are not finite change nothing.
     *
     * @param maxNorm the global norm to which gradients are clipped; 0 or infinite: no clipping
     * @param lossScale the factor in the gradients
     * @return the global norm before clipping
     */
    public double step(double learningRate, double maxNorm, double lossScale) {
        try (NDManager scope = manager.newSubManager()) {
            List<NDList> gradients =
                    groups.stream().map(group -> gradients(group, scope)).toList();
            NDList all = new NDList();
            gradients.forEach(all::addAll);
            double norm = Ops.globalNorm(all) / lossScale;
            if (!Double.isFinite(norm)) {
                zero(all);
                return norm;
            }
            double clip = maxNorm > 0 ? Math.min(1, maxNorm / (norm + CLIP_EPSILON)) : 1;
            steps++;
            for (int i = 0; i < groups.size(); i++) {
                if (!groups.get(i).parameters().isEmpty()) {
                    update(groups.get(i), gradients.get(i), learningRate, lossScale / clip, scope);
                }
            }
            return norm;
        }
    }

    /** Sets the gradients to zero and leaves the parameters, as after a backward pass that failed. */
    public void zeroGradients() {
        try (NDManager scope = manager.newSubManager()) {
            groups.forEach(group -> zero(gradients(group, scope)));
        }
    }

    /** Sets gradients to zero, not by multiplication, which would keep NaN. */
    private static void zero(NDList gradients) {
        gradients.forEach(gradient -> gradient.set(ALL, 0f));
    }

    private void update(ParameterGroup group, NDList gradients, double learningRate, double divisor, NDManager scope) {
        double[] values = {
            learningRate, settings.beta1(), settings.beta2(), settings.epsilon(), group.decay(), steps, divisor
        };
        NDList weights = new NDList();
        group.parameters().forEach(parameter -> weights.add(parameter.getArray()));
        if (!paged) {
            Ops.adamw(values, weights, gradients, group.means(), group.variances());
            return;
        }
        for (int i = 0; i < weights.size(); i++) {
            try (NDManager page = scope.newSubManager()) {
                NDList mean = new NDList(copy(group.means().get(i), page));
                NDList variance = new NDList(copy(group.variances().get(i), page));
                Ops.adamw(values, new NDList(weights.get(i)), new NDList(gradients.get(i)), mean, variance);
                Ops.assign(group.means().get(i), mean.head());
                Ops.assign(group.variances().get(i), variance.head());
            }
        }
    }

    private static NDArray copy(NDArray array, NDManager page) {
        NDArray copy = page.create(array.getShape());
        Ops.assign(copy, array);
        return copy;
    }

    /** The state of each trained parameter. */
    public Map<Parameter, Moments> moments() {
        Map<Parameter, Moments> moments = new IdentityHashMap<>();
        for (ParameterGroup group : groups) {
            for (int i = 0; i < group.parameters().size(); i++) {
                moments.put(
                        group.parameters().get(i),
                        new Moments(group.means().get(i), group.variances().get(i)));
            }
        }
        return moments;
    }

    /** The number of updates, without skipped ones. */
    public int steps() {
        return steps;
    }

    /** Resumes from a run that has done so many updates. */
    public void resumeFrom(int steps) {
        this.steps = steps;
    }

    /** Returns the gradients. The engine creates a new handle on each call, which must not stay in the parameter's manager. */
    private static NDList gradients(ParameterGroup group, NDManager scope) {
        NDList gradients = new NDList();
        for (Parameter parameter : group.parameters()) {
            NDArray gradient = parameter.getArray().getGradient();
            gradient.attach(scope);
            gradients.add(gradient);
        }
        return gradients;
    }

    /** Bytes of the state on the parameters' device. */
    public long bytes() {
        return paged ? 0 : stateBytes();
    }

    private long stateBytes() {
        return groups.stream()
                .flatMap(group -> group.parameters().stream())
                .mapToLong(parameter -> 2 * Float.BYTES * parameter.getShape().size())
                .sum();
    }

    @Override
    public void close() {
        manager.close();
    }
}
