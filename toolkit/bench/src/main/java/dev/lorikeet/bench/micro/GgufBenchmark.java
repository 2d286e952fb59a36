package dev.lorikeet.bench.micro;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.tensor.format.QuantizedArray;
import dev.lorikeet.weights.Gguf;
import java.util.function.IntUnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A matrix of SmolLM2's file, 1,536 × 576 in Q4_1: read dense, read quantized, and dequantized. */
public class GgufBenchmark extends PartBenchmark {

    private static final String NAME = "blk.0.ffn_up.weight";

    private Gguf file;
    private NDManager manager;
    private QuantizedArray quantized;

    @Setup
    public void open() {
        file = Gguf.open(SmolLm2.file());
        manager = Torch.manager();
        quantized = file.quantized(NAME, IntUnaryOperator.identity(), manager).orElseThrow();
    }

    @Benchmark
    public void readDense() {
        file.read(NAME, manager).close();
    }

    @Benchmark
    public void readQuantized() {
        file.quantized(NAME, IntUnaryOperator.identity(), manager).orElseThrow().close();
    }

    @Benchmark
    public Shape dequantize() {
        try (NDArray dense = quantized.dequantize(manager, DType.FLOAT32)) {
            return dense.getShape();
        }
    }

    @TearDown
    public void close() {
        manager.close();
        file.close();
    }
}
