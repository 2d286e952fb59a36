package dev.lorikeet.bench.micro;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** SmolLM2's up_proj, 576 to 1,536, without autograd: numbers, an adapter of rank 8 besides, and the quantised forms. */
public class ProjectionBenchmark extends PartBenchmark {

    /** What the weight is. */
    public enum Form {
        NUMBERS,
        WITH_ADAPTER,
        INT8,
        NF4,
        /** Q4_1. */
        AS_STORED
    }

    @Param
    public Form form;

    /** In which it multiplies. */
    @Param({"FLOAT32", "BFLOAT16"})
    public DType dtype;

    @Param({"1", "512"})
    public int rows;

    private PretrainedModel model;
    private Projection projection;
    private ParameterStore store;
    private NDArray x;

    @Setup
    public void load() {
        boolean plain = form == Form.NUMBERS || form == Form.WITH_ADAPTER;
        model = plain
                ? Models.load("smollm2-135m", dtype)
                : Models.load("smollm2-135m", Quantization.valueOf(form.name()), dtype);
        if (form == Form.WITH_ADAPTER) {
            Lora.rank(8).alpha(16).on("up_proj").inject(model);
        }
        projection = model.transformer().projections().stream()
                .filter(each -> each.name().equals("up_proj"))
                .findFirst()
                .orElseThrow();
        NDManager scope = model.manager().newSubManager();
        store = new ParameterStore(scope, false);
        x = scope.randomNormal(0, 1, new Shape(rows, projection.in()), DataType.FLOAT32);
    }

    @Benchmark
    public int forward() {
        try (NDList y = projection.forward(store, new NDList(x), false)) {
            return y.size();
        }
    }

    @TearDown
    public void close() {
        model.close();
    }
}
