package dev.lorikeet.bench.micro;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.QuantizedArray;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.Gguf;
import java.util.function.IntUnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A matrix of SmolLM2's file, 1,536 × 576 in Q4_1: read as numbers, read as it is, and widened to numbers. */
public class GgufBenchmark extends PartBenchmark {

    private static final String NAME = "blk.0.ffn_up.weight";

    private Gguf file;
    private NDManager manager;
    private QuantizedArray codes;

    @Setup
    public void open() {
        file = Gguf.open(SmolLm2.file());
        manager = Torch.manager();
        codes = file.quantized(NAME, IntUnaryOperator.identity(), manager).orElseThrow();
    }

    @Benchmark
    public void readNumbers() {
        file.read(NAME, manager).close();
    }

    @Benchmark
    public void readCodes() {
        file.quantized(NAME, IntUnaryOperator.identity(), manager).orElseThrow().close();
    }

    @Benchmark
    public Shape widen() {
        try (NDArray numbers = codes.widened(manager, DType.FLOAT32)) {
            return numbers.getShape();
        }
    }

    @TearDown
    public void close() {
        manager.close();
        file.close();
    }
}
