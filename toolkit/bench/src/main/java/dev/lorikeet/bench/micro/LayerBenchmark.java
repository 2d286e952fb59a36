package dev.lorikeet.bench.micro;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.tensor.DType;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The forward pass of one fused layer, as generation has it: without autograd and a cache. */
public class LayerBenchmark extends PartBenchmark {

    @Param({"gpt2", "smollm2-135m"})
    public String shape;

    @Param({"FLOAT32", "BFLOAT16"})
    public DType dtype;

    /** Tokens of one row. */
    @Param({"1", "512"})
    public int tokens;

    private PretrainedModel model;
    private NDManager scope;
    private Transformer.Entrance entrance;

    @Setup
    public void load() {
        model = Models.random(shape, 1);
        model.computeDtype(dtype);
        scope = model.manager().newSubManager();
        int[][] ids = {IntStream.range(0, tokens).toArray()};
        entrance = model.transformer().enter(model.ids(scope, ids), ForwardContext.of(scope, false));
    }

    @Benchmark
    public Shape forward() {
        try (NDManager step = scope.newSubManager();
                NDArray y =
                        model.transformer().layer(0, entrance.x(), entrance.shared(), ForwardContext.of(step, false))) {
            return y.getShape();
        }
    }

    @TearDown
    public void close() {
        model.close();
    }
}
