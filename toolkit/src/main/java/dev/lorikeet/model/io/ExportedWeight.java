package dev.lorikeet.model.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.spec.HeadTask;
import dev.lorikeet.model.spec.TensorSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One of the weights that a model computes with, as a {@link WeightSource} gives them.
 *
 * @param tensor its names and its shape
 * @param slot where the model uses it
 */
record ExportedWeight(TensorSpec tensor, ParameterSlot slot) {

    /** Makes a dense float32 array of it, whatever its stored form, on the model's device, for the caller to close. */
    Supplier<NDArray> copy() {
        return () -> slot.copyUsed(slot.own().getArray().getManager());
    }

    /** The name in Hugging Face checkpoints. */
    String name() {
        return tensor.huggingFace();
    }

    Shape shape() {
        return tensor.shape();
    }

    /**
     * All of a model in the order of the layers; a tied head is its token table. A merged adapter's copies are among them, and a
     * classifier's head.
     *
     * @param config the settings that are written with them
     */
    static List<ExportedWeight> of(Transformer transformer, ModelConfig config) {
        boolean writes = transformer.hasOwnHead();
        ParameterSlot tied = writes && config.tiedEmbeddings() && transformer.head() != null
                ? transformer.head().weightSlot()
                : null;
        Map<String, TensorSpec> tensors =
                new HashMap<>(Families.named(config.family()).tensors(config));
        if (!writes) {
            Projection head = transformer.head();
            HeadTask task = Arrays.stream(HeadTask.values())
                    .filter(known ->
                            Families.named(config.family()).headPath(known).equals(head.path()))
                    .findFirst()
                    .orElseThrow();
            TaskHead.tensors(config, task, head.out()).forEach(tensor -> tensors.put(tensor.huggingFace(), tensor));
        }
        return transformer.slots().stream()
                .filter(slot -> slot != tied)
                .map(slot -> new ExportedWeight(tensors.get(slot.name()), slot))
                .toList();
    }
}
