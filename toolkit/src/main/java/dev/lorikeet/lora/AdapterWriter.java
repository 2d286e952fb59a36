package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.lora.names.PeftPaths;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.TaskModel;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.Safetensors;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an adapter in PEFT's layout. Adapters on slices of a fused projection become one on the whole projection: A is the As
 * stacked, B is block-diagonal, and the rank is the sum of the ranks.
 */
final class AdapterWriter {

    static final String TENSORS = "adapter_model.safetensors";

    /** Metadata keys of Lorikeet's own, next to PEFT's "format". */
    static final String SLICES = "lorikeet.slices";

    static final String LABELS = "lorikeet.labels";
    static final String POOLING = "lorikeet.pooling";
    static final String TASK = "lorikeet.task";

    private AdapterWriter() {}

    /** Writes an adapter whole or not at all, and returns the files, the tensors first. */
    static List<Path> write(Path folder, LoraAdapter adapter) {
        AtomicFolders.update(folder, part -> fill(part, adapter));
        return List.of(folder.resolve(TENSORS), folder.resolve(AdapterConfig.FILE));
    }

    private static void fill(Path folder, LoraAdapter adapter) {
        Map<Projection, List<LoraWeights>> byProjection = new LinkedHashMap<>();
        adapter.adaptedProjections().forEach(p -> byProjection
                .computeIfAbsent(p.projection(), key -> new ArrayList<>())
                .add(p.weights()));
        PeftPaths paths = new PeftPaths(adapter.model());
        try (NDManager scope = Torch.manager()) {
            Map<String, NDArray> tensors = new TreeMap<>();
            byProjection.forEach((projection, parts) -> {
                tensors.put(paths.key(projection.path()) + ".lora_A.weight", stackedA(scope, parts));
                tensors.put(paths.key(projection.path()) + ".lora_B.weight", diagonalB(scope, projection, parts));
            });
            fullParameters(adapter).forEach((slot, array) -> {
                NDArray stored = stored(
                        scope,
                        array,
                        Families.named(adapter.model().config().family())
                                .isTransposed(adapter.model().config(), slot.name()));
                tensors.put(paths.key(slot, isAdapted(slot, byProjection.keySet())), stored);
            });
            Safetensors.write(folder.resolve(TENSORS), tensors, metadata(adapter, byProjection));
        }
        config(adapter, byProjection).write(folder);
    }

    static NDArray stackedA(NDManager scope, List<LoraWeights> parts) {
        NDList all = new NDList();
        parts.forEach(weights -> all.add(weights.a().getArray().toDevice(scope.getDevice(), true)));
        all.attach(scope);
        return parts.size() == 1 ? all.head() : NDArrays.concat(all, 0);
    }

    static NDArray diagonalB(NDManager scope, Projection projection, List<LoraWeights> parts) {
        if (parts.size() == 1 && parts.get(0).rows() == projection.out()) {
            NDArray b = parts.get(0).b().getArray().toDevice(scope.getDevice(), true);
            b.attach(scope);
            return b;
        }
        long rank = parts.stream().mapToLong(LoraWeights::rank).sum();
        float[] whole = new float[Math.toIntExact(projection.out() * rank)];
        long column = 0;
        for (LoraWeights weights : parts) {
            float[] b = weights.b().getArray().toFloatArray();
            for (int i = 0; i < weights.rows(); i++) {
                long at = (weights.firstRow() + i) * rank + column;
                System.arraycopy(b, (int) (i * weights.rank()), whole, Math.toIntExact(at), (int) weights.rank());
            }
            column += weights.rank();
        }
        return scope.create(whole, new ai.djl.ndarray.types.Shape(projection.out(), rank));
    }

    /**
     * Returns the parameters to write in full: the adapter's copies and a classifier's head, which the published base model
     * lacks.
     */
    private static Map<ParameterSlot, NDArray> fullParameters(LoraAdapter adapter) {
        Map<ParameterSlot, NDArray> fullParameters = new LinkedHashMap<>();
        if (adapter.model() instanceof TaskModel model) {
            made(model.transformer())
                    .forEach(slot -> fullParameters.put(slot, slot.used().getArray()));
        }
        adapter.savedParameters()
                .forEach(c ->
                        fullParameters.put(c.slot(), c.override().parameter().getArray()));
        return fullParameters;
    }

    /** Returns the parameters that were made for a task. */
    private static List<ParameterSlot> made(Transformer transformer) {
        List<ParameterSlot> made = new ArrayList<>(transformer.head().slots());
        if (transformer.pooler() != null && transformer.pooler().isNew()) {
            made.addAll(transformer.pooler().slots());
        }
        return made;
    }

    /** Returns a float32 copy, as PEFT stores it, whatever the model's compute dtype. */
    private static NDArray stored(NDManager scope, NDArray array, boolean transposed) {
        NDArray copy = DType.FLOAT32.cast(array);
        copy.attach(scope);
        if (!transposed || copy.getShape().dimension() < 2) {
            return copy;
        }
        return Ops.transposed(copy);
    }

    private static boolean isAdapted(ParameterSlot slot, Collection<Projection> adapted) {
        return adapted.stream().anyMatch(projection -> projection.slots().contains(slot));
    }

    private static Map<String, String> metadata(LoraAdapter adapter, Map<Projection, List<LoraWeights>> byProjection) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", "pt");
        byProjection.entrySet().stream()
                .filter(entry -> entry.getValue().stream()
                        .allMatch(weights -> weights.rows() < entry.getKey().out()))
                .findFirst()
                .ifPresent(entry -> metadata.put(
                        SLICES,
                        String.join(
                                ",",
                                entry.getValue().stream()
                                        .map(LoraWeights::target)
                                        .toList())));
        if (adapter.model() instanceof TaskModel model) {
            metadata.put(LABELS, new Gson().toJson(model.labels()));
            metadata.put(TASK, model.task().name());
        }
        if (adapter.model() instanceof Classifier classifier) {
            metadata.put(POOLING, classifier.pooling().name());
        }
        return metadata;
    }

    private static AdapterConfig config(LoraAdapter adapter, Map<Projection, List<LoraWeights>> byProjection) {
        LanguageModel model = adapter.model();
        return new AdapterConfig(
                model.name(),
                taskType(model, byProjection),
                Families.named(model.config().family()).isTransposed(),
                ModuleNames.of(TargetNames.ofProjections(byProjection.keySet(), model, adapter.config())),
                ModuleNames.NONE,
                loraConfig(adapter.config(), model, byProjection));
    }

    /** Returns the configuration with which PEFT gives each projection the rank and scale that it has here. */
    private static LoraConfig loraConfig(
            LoraConfig config, LanguageModel model, Map<Projection, List<LoraWeights>> byProjection) {
        boolean plain = config.scaling() == LoraScaling.NONE;
        LoraScaling scaling = plain ? LoraScaling.RANK : config.scaling();
        LoraConfig written = config.with(builder -> {
            builder.scaling = scaling;
            builder.alpha = plain ? config.alpha() * config.rank() : config.alpha();
        });
        if (byProjection.entrySet().stream()
                .allMatch(entry -> matchesConfig(written, entry.getKey(), entry.getValue()))) {
            return written;
        }
        Map<String, Integer> ranks = new TreeMap<>();
        Map<String, Double> alphas = new TreeMap<>();
        byProjection.forEach((projection, parts) -> {
            if (rank(parts) != written.rank()) {
                ranks.put(TargetNames.key(projection, model, other -> rank(byProjection.get(other))), rank(parts));
            }
            if (alpha(parts, scaling) != written.alpha()) {
                alphas.put(
                        TargetNames.key(projection, model, other -> alpha(byProjection.get(other), scaling)),
                        alpha(parts, scaling));
            }
        });
        return written.with(builder -> {
            builder.rankPattern = ranks;
            builder.alphaPattern = alphas;
        });
    }

    private static boolean matchesConfig(LoraConfig config, Projection projection, List<LoraWeights> parts) {
        return config.rankOf(projection.path()) == rank(parts)
                && config.alphaOf(projection.path()) == alpha(parts, config.scaling());
    }

    /**
     * Returns null for a model with matrices on its head: under SEQ_CLS or TOKEN_CLS, PEFT expects a head that is trained in full and
     * ignores matrices on it; without a task type it adapts the head like any other layer.
     */
    private static String taskType(LanguageModel model, Map<Projection, List<LoraWeights>> byProjection) {
        if (!(model instanceof TaskModel made)) {
            return model.config().isEncoder() ? "FEATURE_EXTRACTION" : "CAUSAL_LM";
        }
        return byProjection.containsKey(model.transformer().head())
                ? null
                : made.task().peft();
    }

    /** The sum of the ranks of all parts on one projection; 0 if there are none. */
    private static int rank(List<LoraWeights> parts) {
        return parts == null
                ? 0
                : (int) parts.stream().mapToLong(LoraWeights::rank).sum();
    }

    /** The alpha that gives the scale of these parts, rounded to 12 digits, so that a division by the rank is undone exactly. */
    private static double alpha(List<LoraWeights> parts, LoraScaling scaling) {
        double alpha = parts == null ? 0 : parts.get(0).scale() * scaling.divisor(rank(parts));
        return new BigDecimal(alpha).round(new MathContext(12)).doubleValue();
    }
}
