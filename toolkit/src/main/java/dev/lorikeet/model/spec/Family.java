package dev.lorikeet.model.spec;

import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.config.EncoderConfig;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import dev.lorikeet.model.config.Part;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A family of models: what its files call it, its settings and its parts, and how its layers are made. What it does not say for
 * itself is as in a Llama. Register one with {@code Families.register}; then its checkpoints load and are saved.
 */
public final class Family {

    private static final Set<Part> ROTARY = Set.of(Part.QUERY, Part.KEY);

    private final String name;
    private final String architecture;
    private final String gguf;
    private final Predicate<GgufFields> ggufCondition;
    private final Consumer<ModelConfigBuilder> layers;
    private final List<Setting> settings;
    private final String layerPath;
    private final String optionalPrefix;
    private final Map<Part, TensorName> parts;
    private final Set<Part> transposed;
    private final Set<Part> absentInFirstLayer;
    private final String classifier;
    private final String tagger;
    private final boolean poolsTokens;
    private final boolean interleavesRotary;
    private final float ggufNormShift;
    private final boolean repeatsTiedHead;
    private final List<String> targets;

    Family(FamilyBuilder from) {
        this.name = from.name;
        this.architecture = from.architecture;
        this.gguf = from.gguf;
        this.ggufCondition = from.ggufCondition;
        this.layers = from.layers;
        this.settings = List.copyOf(from.settings);
        this.layerPath = from.layerPath;
        this.optionalPrefix = from.optionalPrefix;
        this.parts = new EnumMap<>(from.parts);
        this.transposed = Set.copyOf(from.transposed);
        this.absentInFirstLayer = Set.copyOf(from.absentInFirstLayer);
        this.classifier = from.classifier;
        this.tagger = from.tagger.isEmpty() ? from.classifier : from.tagger;
        this.poolsTokens = from.poolsTokens;
        this.interleavesRotary = from.interleavesRotary;
        this.ggufNormShift = from.ggufNormShift;
        this.repeatsTiedHead = from.repeatsTiedHead;
        this.targets = List.copyOf(from.targets);
    }

    /**
     * Begins a family whose settings, parts and tensors are those of a Llama.
     *
     * @param name the "model_type" in its config.json, such as "qwen3"
     * @param architecture the class in transformers, such as "Qwen3ForCausalLM"
     */
    public static FamilyBuilder named(String name, String architecture) {
        return new FamilyBuilder(name, architecture);
    }

    /** The "model_type" in config.json. */
    public String name() {
        return name;
    }

    /** The class in transformers that predicts tokens. */
    public String architecture() {
        return architecture;
    }

    /** The architecture in GGUF files; empty if there is none. */
    public String gguf() {
        return gguf;
    }

    /** Whether a GGUF file of its architecture is of this family and no other; empty if nothing but the architecture tells. */
    public Optional<Predicate<GgufFields>> ggufCondition() {
        return Optional.ofNullable(ggufCondition);
    }

    /** Lists its settings in the order in which they are read. */
    public List<Setting> settings() {
        return settings;
    }

    /** The settings of a model before its files are read: what all models of the family have in common. */
    public ModelConfigBuilder config() {
        ModelConfigBuilder config = ModelConfig.of(name);
        layers.accept(config);
        return config;
    }

    /** The projections that PEFT adapts if none are named. */
    public List<String> defaultTargets() {
        return targets;
    }

    /** Whether GGUF files hold the head also where it is the token table. */
    public boolean repeatsTiedHeadInGguf() {
        return repeatsTiedHead;
    }

    public boolean has(Part part) {
        return parts.containsKey(part);
    }

    /** Whether a layer has a part of the family. */
    public boolean has(Part part, int layer) {
        return has(part) && (layer > 0 || !absentInFirstLayer.contains(part));
    }

    /** The path of the projection that a task's head is, such as "score". */
    public String headPath(HeadTask task) {
        return task.readsTokens() ? tagger : classifier;
    }

    /** Whether the states that the head of a task sees pass the pooler, if the family has one. */
    public boolean pools(HeadTask task) {
        return has(Part.POOLER) && (!task.readsTokens() || poolsTokens);
    }

    /** Lists the parts in the order in which data passes. */
    public Set<Part> parts() {
        return parts.keySet();
    }

    /** The path of a layer in Hugging Face checkpoints, such as "model.layers.0". */
    public String layerPath(int layer) {
        return layerPath + "." + layer;
    }

    /** The path of a part in Hugging Face checkpoints, such as "model.layers.0.self_attn.q_proj". */
    public String path(Part part, int layer) {
        String own = parts.get(part).huggingFace();
        return part.isInLayer() ? layerPath(layer) + "." + own : own;
    }

    /** What published files may leave out before a name; empty if nothing. */
    public String optionalPrefix() {
        return optionalPrefix;
    }

    /** Whether safetensors files have any projection as (in, out), which PEFT calls fan_in_fan_out. */
    public boolean isTransposed() {
        return !transposed.isEmpty();
    }

    /** The weight of a part. */
    public TensorSpec weight(ModelConfig config, Part part, int layer) {
        return spec(config, part, layer, false);
    }

    /** The bias of a part. */
    public TensorSpec bias(ModelConfig config, Part part, int layer) {
        return spec(config, part, layer, true);
    }

    private TensorSpec spec(ModelConfig config, Part part, int layer, boolean bias) {
        TensorName own = parts.get(part);
        String end = bias ? ".bias" : ".weight";
        Shape shape = part.shape(config);
        int heads = part == Part.QUERY ? config.heads() : config.keyValueHeads();
        return new TensorSpec(
                part,
                path(part, layer) + end,
                (part.isInLayer() ? "blk." + layer + "." : "") + own.gguf() + end,
                bias ? new Shape(shape.get(0)) : shape,
                !bias && transposed.contains(part),
                interleavesRotary && ROTARY.contains(part) ? heads : 0,
                !bias && part.isNorm() ? ggufNormShift : 0);
    }

    /** Lists all arrays of a model under Hugging Face's names, in the order in which data passes; a tied head has none of its own. */
    public Map<String, TensorSpec> tensors(ModelConfig config) {
        Map<String, TensorSpec> all = new LinkedHashMap<>();
        List<Part> after = new ArrayList<>();
        for (Part part : parts.keySet()) {
            if (part.isBeforeLayers()) {
                add(all, config, part, 0);
            } else if (!part.isInLayer() && isOwn(part, config)) {
                after.add(part);
            }
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Part part : parts.keySet()) {
                if (part.isInLayer() && has(part, layer)) {
                    add(all, config, part, layer);
                }
            }
        }
        after.forEach(part -> add(all, config, part, 0));
        return all;
    }

    /** Whether a part after the layers has arrays of its own in the pretrained model. */
    private static boolean isOwn(Part part, ModelConfig config) {
        return switch (part) {
            case HEAD -> !config.tiedEmbeddings();
            case POOLER, POOLER_NORM ->
                config.encoder().map(EncoderConfig::poolerIsPretrained).orElse(false);
            default -> true;
        };
    }

    private void add(Map<String, TensorSpec> all, ModelConfig config, Part part, int layer) {
        TensorSpec weight = weight(config, part, layer);
        all.put(weight.huggingFace(), weight);
        if (part.isBiased(config)) {
            TensorSpec bias = bias(config, part, layer);
            all.put(bias.huggingFace(), bias);
        }
    }

    /** The array of a name that Hugging Face's files have. */
    public TensorSpec tensor(ModelConfig config, String name) {
        TensorSpec found = tensors(config).get(name);
        if (found == null) {
            throw new UnknownNameException(
                    "tensor of a " + this.name, name, tensors(config).keySet());
        }
        return found;
    }

    /** Whether safetensors files have the array of this name as (in, out). */
    public boolean isTransposed(ModelConfig config, String name) {
        TensorSpec found = tensors(config).get(name);
        return found != null && found.isTransposed();
    }

    @Override
    public String toString() {
        return name;
    }
}
