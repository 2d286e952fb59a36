package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.io.GgufTensors;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.Gguf;
import dev.lorikeet.weights.NewTensor;
import dev.lorikeet.weights.Producer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes an adapter as a GGUF file for llama.cpp, with the names of its convert_lora_to_gguf.py: A and B of each weight in
 * float32, and one alpha for all, since llama.cpp multiplies BA by alpha over the rank of each B.
 */
final class GgufAdapterWriter {

    private static final String TYPE = "F32";

    private final LoraAdapter adapter;
    private final ModelConfig config;
    private final Family family;
    private final NDManager scope;
    private final Map<Projection, List<LoraWeights>> byProjection = new LinkedHashMap<>();
    private final double alpha;

    private GgufAdapterWriter(LoraAdapter adapter, NDManager scope) {
        this.adapter = adapter;
        this.config = adapter.model().config();
        this.family = Families.named(config.family());
        this.scope = scope;
        adapter.adaptedProjections().forEach(p -> byProjection
                .computeIfAbsent(p.projection(), key -> new ArrayList<>())
                .add(p.weights()));
        this.alpha = alpha(byProjection.values().iterator().next());
    }

    static void write(Path file, LoraAdapter adapter) {
        BadArgumentException.unless(
                Producer.mayWrite(file), "file", file, "a new file; this one was written by another program");
        if (!(adapter.model() instanceof PretrainedModel)) {
            throw new LorikeetException("The adapter \"" + adapter.name()
                    + "\" is on a classifier, which llama.cpp does not support; save(folder) writes it for PEFT");
        }
        if (adapter.adaptedProjections().isEmpty() || !adapter.savedParameters().isEmpty()) {
            throw new LorikeetException(
                    "The adapter \"" + adapter.name() + "\" has biases or modules of its own, which a LoRA "
                            + "GGUF cannot hold; merge() it and save the whole model with model.saveGguf(file, type)");
        }
        try (NDManager scope = Torch.manager()) {
            GgufAdapterWriter writer = new GgufAdapterWriter(adapter, scope);
            Gguf.write(file, writer.metadata(), writer.tensors());
        }
    }

    private Map<String, Object> metadata() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("general.architecture", family.gguf());
        keys.put("general.type", "adapter");
        keys.put("general.name", adapter.name());
        keys.put("general.file_type", 0L);
        keys.put("adapter.type", "lora");
        keys.put("adapter.lora.alpha", (float) alpha);
        keys.put(Producer.KEY, Producer.VALUE);
        return keys;
    }

    private List<NewTensor> tensors() {
        List<NewTensor> tensors = new ArrayList<>();
        byProjection.forEach((projection, parts) -> {
            if (projection == adapter.model().transformer().head() && config.tiedEmbeddings()) {
                throw new LorikeetException("The adapter \"" + adapter.name()
                        + "\" is on the head, which is tied to the token embedding in this model; a LoRA GGUF cannot hold it. merge() "
                        + "it and save the model with saveGguf");
            }
            String name = tensor(projection).gguf();
            long rank = rank(parts);
            tensors.add(new NewTensor(
                    name + ".lora_a",
                    new Shape(rank, projection.in()),
                    TYPE,
                    () -> AdapterWriter.stackedA(scope, parts)));
            tensors.add(new NewTensor(
                    name + ".lora_b", new Shape(projection.out(), rank), TYPE, () -> b(projection, parts)));
        });
        return tensors;
    }

    /** Returns B, multiplied by the projection's alpha over the common alpha. */
    private NDArray b(Projection projection, List<LoraWeights> parts) {
        NDArray b = AdapterWriter.diagonalB(scope, projection, parts);
        NDArray ordered = GgufTensors.toFile(b, tensor(projection));
        double factor = alpha(parts) / alpha;
        if (factor == 1) {
            return ordered;
        }
        // Not in place: on the same device the engine's copy of an array shares its memory.
        try (ordered) {
            return ordered.mul(factor);
        }
    }

    private TensorSpec tensor(Projection projection) {
        return family.tensor(config, projection.path() + ".weight");
    }

    private static long rank(List<LoraWeights> parts) {
        return parts.stream().mapToLong(LoraWeights::rank).sum();
    }

    /** The alpha of a projection; all its parts have the same scale. */
    private static double alpha(List<LoraWeights> parts) {
        return parts.get(0).scale() * rank(parts);
    }
}
