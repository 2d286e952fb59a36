package dev.lorikeet.bench.micro;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.Torch;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The cross entropy of 128 rows of 49,152 logits. */
public class LossBenchmark extends PartBenchmark {

    private static final int ROWS = 128;
    private static final int CLASSES = 49_152;

    private NDManager manager;
    private NDArray logits;
    private NDArray labels;
    private NDArray weights;

    @Setup
    public void make() {
        manager = Torch.manager();
        logits = manager.randomNormal(0, 1, new Shape(ROWS, CLASSES), DataType.FLOAT32);
        labels = manager.create(LongStream.range(0, ROWS).toArray());
        weights = manager.create(new float[0]);
    }

    @Benchmark
    public double loss() {
        return Ops.crossEntropy(logits, labels, weights, 0).loss();
    }

    /** The gradient takes the place of the logits, and is what the next call finds there; the work is the same. */
    @Benchmark
    public double lossAndGradient() {
        return Ops.crossEntropy(logits, labels, weights, 1).loss();
    }

    @TearDown
    public void close() {
        manager.close();
    }
}
