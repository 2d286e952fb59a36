package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import com.google.gson.Gson;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Config.Architecture;
import dev.lorikeet.model.Delta;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.Projection;
import dev.lorikeet.tensor.Precision;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an adapter in PEFT's layout. Adapters on slices of a fused projection become one on the whole of it: the As
 * stacked, the Bs on the diagonal, and the rank as large as all together.
 */
final class AdapterWriter {

    static final String TENSORS = "adapter_model.safetensors";
    static final String PREFIX = "base_model.model.";

    /** Keys of the metadata beside PEFT's own "format". */
    static final String SLICES = "lorikeet.slices";

    static final String LABELS = "lorikeet.labels";
    static final String POOLING = "lorikeet.pooling";

    private AdapterWriter() {}

    static void write(Path folder, LoraAdapter adapter) {
        Map<Projection, List<Delta>> deltas = new LinkedHashMap<>();
        adapter.placed().forEach(p -> deltas.computeIfAbsent(p.projection(), key -> new ArrayList<>())
                .add(p.delta()));
        try (NDManager scope = Torch.manager()) {
            Map<String, NDArray> tensors = new TreeMap<>();
            deltas.forEach((projection, parts) -> {
                tensors.put(PREFIX + projection.path() + ".lora_A.weight", stackedA(scope, parts));
                tensors.put(PREFIX + projection.path() + ".lora_B.weight", diagonalB(scope, projection, parts));
            });
            if (adapter.model() instanceof Classifier classifier) {
                addHead(
                        scope,
                        tensors,
                        classifier,
                        deltas.containsKey(classifier.transformer().head()));
            }
            Safetensors.write(folder.resolve(TENSORS), tensors, metadata(adapter, deltas));
        }
        config(adapter, deltas).write(folder);
    }

    static NDArray stackedA(NDManager scope, List<Delta> parts) {
        NDList all = new NDList();
        parts.forEach(delta -> all.add(delta.a().getArray().toDevice(scope.getDevice(), true)));
        all.attach(scope);
        return parts.size() == 1 ? all.head() : NDArrays.concat(all, 0);
    }

    static NDArray diagonalB(NDManager scope, Projection projection, List<Delta> parts) {
        if (parts.size() == 1 && parts.get(0).rows() == projection.out()) {
            NDArray b = parts.get(0).b().getArray().toDevice(scope.getDevice(), true);
            b.attach(scope);
            return b;
        }
        long rank = parts.stream().mapToLong(Delta::rank).sum();
        float[] whole = new float[Math.toIntExact(projection.out() * rank)];
        long column = 0;
        for (Delta delta : parts) {
            float[] b = delta.b().getArray().toFloatArray();
            for (int i = 0; i < delta.rows(); i++) {
                long at = (delta.firstRow() + i) * rank + column;
                System.arraycopy(b, (int) (i * delta.rank()), whole, Math.toIntExact(at), (int) delta.rank());
            }
            column += delta.rank();
        }
        return scope.create(whole, new ai.djl.ndarray.types.Shape(projection.out(), rank));
    }

    /** A head is not part of the published model, so its weights go with the adapter, under PEFT's names. */
    private static void addHead(NDManager scope, Map<String, NDArray> tensors, Classifier classifier, boolean adapted) {
        Projection head = classifier.transformer().head();
        String path = PREFIX + head.path() + (adapted ? ".base_layer" : "");
        for (Parameter parameter : List.of(head.weight(), head.bias())) {
            // In float32, as such files have it, whatever the model multiplies in.
            NDArray array = Precision.FLOAT32.cast(parameter.getArray());
            array.attach(scope);
            tensors.put(path + (parameter == head.weight() ? ".weight" : ".bias"), array);
        }
    }

    private static Map<String, String> metadata(LoraAdapter adapter, Map<Projection, List<Delta>> deltas) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", "pt");
        deltas.entrySet().stream()
                .filter(entry -> entry.getValue().stream()
                        .allMatch(delta -> delta.rows() < entry.getKey().out()))
                .findFirst()
                .ifPresent(entry -> metadata.put(
                        SLICES,
                        String.join(
                                ",",
                                entry.getValue().stream().map(Delta::target).toList())));
        if (adapter.model() instanceof Classifier classifier) {
            metadata.put(LABELS, new Gson().toJson(classifier.labels()));
            metadata.put(POOLING, classifier.pooling().name());
        }
        return metadata;
    }

    private static AdapterConfig config(LoraAdapter adapter, Map<Projection, List<Delta>> deltas) {
        LanguageModel model = adapter.model();
        Lora settings = adapter.settings();
        Map<String, Integer> ranks = new TreeMap<>();
        Map<String, Double> alphas = new TreeMap<>();
        deltas.forEach((projection, parts) -> {
            int rank = rank(parts);
            double alpha = alpha(parts);
            if (rank != settings.rank()) {
                ranks.put(TargetNames.key(projection, model, other -> rank(deltas.get(other))), rank);
            }
            if (alpha != settings.scale() * settings.rank()) {
                alphas.put(TargetNames.key(projection, model, other -> alpha(deltas.get(other))), alpha);
            }
        });
        return new AdapterConfig(
                model.name(),
                taskType(model, deltas),
                settings.rank(),
                settings.scale() * settings.rank(),
                settings.dropout(),
                false,
                model.config().architecture() == Architecture.GPT2,
                TargetNames.ofProjections(deltas.keySet(), model),
                ranks,
                alphas);
    }

    /**
     * Under SEQ_CLS, PEFT takes a head to be trained whole and does not find the matrices on it; without a task it adapts it
     * as any other layer.
     */
    private static String taskType(LanguageModel model, Map<Projection, List<Delta>> deltas) {
        if (!(model instanceof Classifier)) {
            return "CAUSAL_LM";
        }
        return deltas.containsKey(model.transformer().head()) ? null : "SEQ_CLS";
    }

    /** Of all parts on one projection together; 0 of none. */
    private static int rank(List<Delta> parts) {
        return parts == null ? 0 : (int) parts.stream().mapToLong(Delta::rank).sum();
    }

    private static double alpha(List<Delta> parts) {
        return parts == null ? 0 : parts.get(0).scale() * rank(parts);
    }
}
