package dev.lorikeet.bench.micro;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.Torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One update of AdamW. Gradients and moments are zero, because moments of gradients that vanish would become denormal numbers
 * after some hundred calls, with which the processor is slow.
 */
public class AdamWBenchmark extends PartBenchmark {

    private static final double[] SETTINGS = {2e-4, 0.9, 0.999, 1e-8, 0.01, 1, 1};

    /** Matrices × rows × columns: LoRA of rank 4 on query and value of GPT-2 small; the matrices of two of its layers. */
    @Param({"48×4×768", "24×768×768"})
    public String weights;

    private NDManager manager;
    private NDList trained;
    private NDList gradients;
    private NDList means;
    private NDList variances;

    @Setup
    public void make() {
        String[] numbers = weights.split("×", -1);
        int matrices = Integer.parseInt(numbers[0]);
        Shape shape = new Shape(Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
        manager = Torch.manager();
        trained = new NDList();
        for (int i = 0; i < matrices; i++) {
            trained.add(manager.randomNormal(0, 1, shape, DataType.FLOAT32));
        }
        gradients = zeros(matrices, shape);
        means = zeros(matrices, shape);
        variances = zeros(matrices, shape);
    }

    private NDList zeros(int matrices, Shape shape) {
        NDList zeros = new NDList();
        for (int i = 0; i < matrices; i++) {
            zeros.add(manager.zeros(shape));
        }
        return zeros;
    }

    @Benchmark
    public void update() {
        Ops.adamw(SETTINGS, trained, gradients, means, variances);
    }

    @TearDown
    public void close() {
        manager.close();
    }
}
