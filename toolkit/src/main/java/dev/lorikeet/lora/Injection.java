package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.model.Delta;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.Parameters;
import dev.lorikeet.tensor.Filled;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes the matrices of an adapter and puts them on their projections. */
final class Injection {

    private Injection() {}

    /** Two adapters of one name could not be told apart, and running a cell again would put the same one on twice. */
    static void checkFree(LanguageModel model, String name) {
        boolean taken = model.transformer().projections().stream()
                .flatMap(projection -> projection.deltas().stream())
                .anyMatch(delta -> delta.adapter().equals(name));
        BadArgumentException.unless(
                !taken,
                "adapter name",
                name,
                "one that the model does not carry; remove() that one, or choose another name");
    }

    /** A drawn, B zero. */
    static LoraAdapter fresh(Lora settings, LanguageModel model, List<Target> targets) {
        SplittableRandom random = new SplittableRandom(settings.seed());
        List<LoraAdapter.Placed> placed = new ArrayList<>();
        for (Target target : targets) {
            long in = target.projection().in();
            NDArray drawn = Filled.with(model.manager(), new Shape(settings.rank(), in), () -> settings.init()
                    .draw(random, in, settings.rank()));
            NDArray zeros = model.manager().zeros(new Shape(target.rows(), settings.rank()), DataType.FLOAT32);
            Parameter a = Parameters.trainable("lora_A", drawn);
            Parameter b = Parameters.trainable("lora_B", zeros);
            placed.add(place(settings.name(), target, a, b, settings.scale(), settings.dropout()));
        }
        return new LoraAdapter(settings, model, placed);
    }

    static LoraAdapter.Placed place(
            String adapter, Target target, Parameter a, Parameter b, double scale, double dropout) {
        Delta delta = new Delta(adapter, target.name(), a, b, scale, dropout, target.firstRow());
        target.projection().add(delta);
        return new LoraAdapter.Placed(target.projection(), delta);
    }
}
