package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Projection;
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
        Map<Projection, List<LoraWeights>> deltas = new LinkedHashMap<>();
        adapter.placed().forEach(p -> deltas.computeIfAbsent(p.projection(), key -> new ArrayList<>())
                .add(p.delta()));
        try (NDManager scope = Torch.manager()) {
            Map<String, NDArray> tensors = new TreeMap<>();
            deltas.forEach((projection, parts) -> {
                tensors.put(PREFIX + projection.path() + ".lora_A.weight", stackedA(scope, parts));
                tensors.put(PREFIX + projection.path() + ".lora_B.weight", diagonalB(scope, projection, parts));
            });
            wholes(adapter).forEach((slot, array) -> {
                NDArray stored =
                        stored(scope, array, Families.named(adapter.model().config().family())
                                .isTransposed(adapter.model().config(), slot.name()));
                tensors.put(key(slot, isAdapted(slot, deltas.keySet())), stored);
            });
            Safetensors.write(folder.resolve(TENSORS), tensors, metadata(adapter, deltas));
        }
        config(adapter, deltas).write(folder);
    }

    static NDArray stackedA(NDManager scope, List<LoraWeights> parts) {
        NDList all = new NDList();
        parts.forEach(delta -> all.add(delta.a().getArray().toDevice(scope.getDevice(), true)));
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
        for (LoraWeights delta : parts) {
            float[] b = delta.b().getArray().toFloatArray();
            for (int i = 0; i < delta.rows(); i++) {
                long at = (delta.firstRow() + i) * rank + column;
                System.arraycopy(b, (int) (i * delta.rank()), whole, Math.toIntExact(at), (int) delta.rank());
            }
            column += delta.rank();
        }
        return scope.create(whole, new ai.djl.ndarray.types.Shape(projection.out(), rank));
    }

    /**
     * What the adapter has of the model's parameters whole: its copies and, as a head is no part of the published model, a
     * classifier's.
     */
    private static Map<ParameterSlot, NDArray> wholes(LoraAdapter adapter) {
        Map<ParameterSlot, NDArray> wholes = new LinkedHashMap<>();
        if (adapter.model() instanceof Classifier classifier) {
            classifier
                    .transformer()
                    .head()
                    .slots()
                    .forEach(slot -> wholes.put(slot, slot.used().getArray()));
        }
        adapter.copied()
                .forEach(c -> wholes.put(c.slot(), c.standIn().parameter().getArray()));
        return wholes;
    }

    /** In float32, as such files have it, whatever the model multiplies in. */
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

    /** PEFT's name for a parameter, which is inside of the matrices' module where there are matrices. */
    static String key(ParameterSlot slot, boolean adapted) {
        return PREFIX + slot.module() + (adapted ? ".base_layer." : ".") + slot.part();
    }

    private static Map<String, String> metadata(LoraAdapter adapter, Map<Projection, List<LoraWeights>> deltas) {
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
                                entry.getValue().stream()
                                        .map(LoraWeights::target)
                                        .toList())));
        if (adapter.model() instanceof Classifier classifier) {
            metadata.put(LABELS, new Gson().toJson(classifier.labels()));
            metadata.put(POOLING, classifier.pooling().name());
        }
        return metadata;
    }

    private static AdapterConfig config(LoraAdapter adapter, Map<Projection, List<LoraWeights>> deltas) {
        LanguageModel model = adapter.model();
        return new AdapterConfig(
                model.name(),
                taskType(model, deltas),
                Families.named(model.config().family()).isTransposed(),
                ModuleNames.of(TargetNames.ofProjections(deltas.keySet(), model, adapter.settings())),
                ModuleNames.NONE,
                settings(adapter.settings(), model, deltas));
    }

    /** The adapter's settings as PEFT would have to be given them to have the ranks and scales that there are. */
    private static Lora settings(Lora settings, LanguageModel model, Map<Projection, List<LoraWeights>> deltas) {
        boolean plain = settings.scaling() == Scaling.NONE;
        Scaling scaling = plain ? Scaling.RANK : settings.scaling();
        Lora written = settings.with(draft -> {
            draft.scaling = scaling;
            draft.alpha = plain ? settings.alpha() * settings.rank() : settings.alpha();
        });
        if (deltas.entrySet().stream().allMatch(entry -> isAsSet(written, entry.getKey(), entry.getValue()))) {
            return written;
        }
        Map<String, Integer> ranks = new TreeMap<>();
        Map<String, Double> alphas = new TreeMap<>();
        deltas.forEach((projection, parts) -> {
            if (rank(parts) != written.rank()) {
                ranks.put(TargetNames.key(projection, model, other -> rank(deltas.get(other))), rank(parts));
            }
            if (alpha(parts, scaling) != written.alpha()) {
                alphas.put(
                        TargetNames.key(projection, model, other -> alpha(deltas.get(other), scaling)),
                        alpha(parts, scaling));
            }
        });
        return written.with(draft -> {
            draft.rankPattern = ranks;
            draft.alphaPattern = alphas;
        });
    }

    private static boolean isAsSet(Lora settings, Projection projection, List<LoraWeights> parts) {
        return settings.rankOf(projection.path()) == rank(parts)
                && settings.alphaOf(projection.path()) == alpha(parts, settings.scaling());
    }

    /**
     * Under SEQ_CLS, PEFT takes a head to be trained whole and does not find the matrices on it; without a task it adapts it
     * as any other layer.
     */
    private static String taskType(LanguageModel model, Map<Projection, List<LoraWeights>> deltas) {
        if (!(model instanceof Classifier)) {
            return "CAUSAL_LM";
        }
        return deltas.containsKey(model.transformer().head()) ? null : "SEQ_CLS";
    }

    /** Of all parts on one projection together; 0 of none. */
    private static int rank(List<LoraWeights> parts) {
        return parts == null
                ? 0
                : (int) parts.stream().mapToLong(LoraWeights::rank).sum();
    }

    /** Rounded to 12 digits, so that what was divided by the rank comes back as it was. */
    private static double alpha(List<LoraWeights> parts, Scaling scaling) {
        double alpha = parts == null ? 0 : parts.get(0).scale() * scaling.divisor(rank(parts));
        return new BigDecimal(alpha).round(new MathContext(12)).doubleValue();
    }
}
