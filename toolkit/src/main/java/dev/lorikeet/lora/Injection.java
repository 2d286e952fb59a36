package dev.lorikeet.lora;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.model.Delta;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.tensor.TensorMemory;
import java.nio.ByteBuffer;
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
            Parameter a = trainable("lora_A", drawn(model.manager(), settings, in, random));
            NDArray zeros = model.manager().zeros(new Shape(target.rows(), settings.rank()), DataType.FLOAT32);
            placed.add(place(
                    settings.name(), target, a, trainable("lora_B", zeros), settings.scale(), settings.dropout()));
        }
        return new LoraAdapter(settings, model, placed);
    }

    static LoraAdapter.Placed place(
            String adapter, Target target, Parameter a, Parameter b, double scale, double dropout) {
        Delta delta = new Delta(adapter, target.name(), a, b, scale, dropout, target.firstRow());
        target.projection().add(delta);
        return new LoraAdapter.Placed(target.projection(), delta);
    }

    static Parameter trainable(String name, NDArray array) {
        Parameter parameter = Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.OTHER)
                .optShape(array.getShape())
                .optArray(array)
                .build();
        parameter.freeze(false);
        return parameter;
    }

    private static NDArray drawn(NDManager manager, Lora settings, long in, SplittableRandom random) {
        try (NDManager host = manager.newSubManager(Device.cpu())) {
            NDArray a = host.create(new Shape(settings.rank(), in), DataType.FLOAT32);
            for (ByteBuffer bytes : TensorMemory.bytes(a)) {
                var floats = bytes.asFloatBuffer();
                while (floats.hasRemaining()) {
                    floats.put(settings.init().draw(random, in, settings.rank()));
                }
            }
            NDArray placed = a.toDevice(manager.getDevice(), false);
            placed.attach(manager);
            return placed;
        }
    }
}
