package dev.lorikeet.model;

import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.model.AdapterSettings.AddedPart;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.io.TaskHead;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.HeadTask;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.model.summary.ParameterBytes;
import dev.lorikeet.model.summary.ParameterCount;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.format.QuantizedArray;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model's sizes without its weights: what it would count and weigh if it were loaded, as a classifier, quantized, with an
 * adapter. Nothing is downloaded and no memory is taken. Each method returns a new shape and leaves this one as it is. {@link
 * Models#shape} makes one; like a model that is loaded, it is frozen.
 */
public final class ModelShape implements Renderable {

    private final String name;
    private final ModelConfig config;
    private final int labels;
    private final Quantization quantization;
    private final boolean trained;
    private final boolean headTrained;
    private final List<AddedPart> added;

    private ModelShape(
            String name,
            ModelConfig config,
            int labels,
            Quantization quantization,
            boolean trained,
            boolean headTrained,
            List<AddedPart> added) {
        this.name = name;
        this.config = config;
        this.labels = labels;
        this.quantization = quantization;
        this.trained = trained;
        this.headTrained = headTrained;
        this.added = List.copyOf(added);
    }

    static ModelShape of(String name, ModelConfig config) {
        return new ModelShape(name, config, 0, null, false, false, List.of());
    }

    /** The model's name. */
    public String name() {
        return name;
    }

    public ModelConfig config() {
        return config;
    }

    /**
     * The shape of a classifier on this model, with a new head that is frozen until {@link #freeze} or {@link #with}.
     *
     * @param labels how many, at least 2
     */
    public ModelShape classifier(int labels) {
        BadArgumentException.unless(labels > 1, "labels", labels, "at least 2");
        BadArgumentException.unless(
                added.isEmpty(), "shape", name + " with an adapter", "classifier(…) first and with(…) after it");
        return new ModelShape(name, config, labels, quantization, trained, false, added);
    }

    /** The shape of a classifier with these labels; see {@link #classifier(int)}. */
    public ModelShape classifier(String... labels) {
        return classifier(List.of(labels));
    }

    /** The shape of a classifier with these labels; see {@link #classifier(int)}. */
    public ModelShape classifier(Collection<String> labels) {
        BadArgumentException.unless(
                new HashSet<>(labels).size() == labels.size(), "labels", labels, "labels that differ from each other");
        return classifier(labels.size());
    }

    /** Freezes or unfreezes the model's own parameters, not the adapters. */
    public ModelShape freeze(boolean frozen) {
        BadArgumentException.unless(
                frozen || quantization == null,
                "frozen",
                false,
                "true, since quantized weights cannot be trained; with(…) puts an adapter on them");
        return new ModelShape(name, config, labels, quantization, !frozen, !frozen, added);
    }

    /**
     * Stores weights in fewer bits as {@link Models#load(String, Quantization)} does: those of the layers, with INT8 the token
     * table and the head too. Rows that do not divide into blocks stay dense.
     *
     * @param how NF4, NF4_DOUBLE or INT8
     */
    public ModelShape quantized(Quantization how) {
        BadArgumentException.unless(how != Quantization.AS_STORED, "quantization", how, "NF4, NF4_DOUBLE or INT8");
        BadArgumentException.unless(
                !trained, "shape", name + " with trained weights", "freeze(true) before quantized(…)");
        return new ModelShape(name, config, labels, how, false, headTrained, added);
    }

    /** Freezes the model and puts an adapter on it, such as {@code Lora.rank(4).on("query", "value")}. */
    public ModelShape with(AdapterSettings adapter) {
        List<AddedPart> more = adapter.addedTo(this);
        for (AddedPart one : more) {
            BadArgumentException.unless(
                    added.stream().noneMatch(other -> other.adapter().equals(one.adapter())),
                    "adapter name",
                    one.adapter(),
                    "one that the shape does not have yet");
        }
        List<AddedPart> all = new ArrayList<>(added);
        all.addAll(more);
        return new ModelShape(name, config, labels, quantization, false, false, all);
    }

    /** Parameters in all and those that training changes, as {@link LanguageModel#parameterCount} counts them. */
    public ParameterCount parameterCount() {
        long own = tensors().stream().mapToLong(ModelShape::size).sum();
        long ownTrained = tensors().stream()
                .filter(this::isTrained)
                .mapToLong(ModelShape::size)
                .sum();
        long adapters = added.stream().mapToLong(AddedPart::size).sum();
        return new ParameterCount(own + adapters, ownTrained + adapters);
    }

    /**
     * Bytes that the parameters take, as {@link LanguageModel#parameterBytes} counts them: frozen matrices in the compute dtype
     * or quantized, normalisations and everything trained in float32.
     *
     * @param dtype compute dtype
     */
    public ParameterBytes parameterBytes(DType dtype) {
        long frozen = 0;
        long own = added.stream().mapToLong(AddedPart::size).sum() * Float.BYTES;
        for (TensorSpec tensor : tensors()) {
            if (isTrained(tensor)) {
                own += size(tensor) * Float.BYTES;
            } else {
                frozen += bytes(tensor, dtype);
            }
        }
        return new ParameterBytes(frozen, own);
    }

    /** Bytes of all parameters; see {@link #parameterBytes}. */
    public long bytes(DType dtype) {
        ParameterBytes bytes = parameterBytes(dtype);
        return bytes.frozen() + bytes.trained();
    }

    /** {@link #bytes} as a text, such as "474.70 MiB". */
    public String size(DType dtype) {
        return Quantities.bytes(bytes(dtype), 2);
    }

    /** The linear layers, layer by layer, the head last. */
    public List<LinearShape> linearLayers() {
        List<LinearShape> all = new ArrayList<>(tensors().stream()
                .filter(tensor -> tensor.isMatrix() && (tensor.part().isInLayer() || tensor.part() == Part.POOLER))
                .map(tensor -> linear(tensor, Projection.Slice.of(tensor.part(), config)))
                .toList());
        if (hasHead()) {
            all.add(linear(headWeight(), List.of()));
        }
        return all;
    }

    private static LinearShape linear(TensorSpec tensor, List<Projection.Slice> slices) {
        return new LinearShape(
                new ParameterShape(tensor.huggingFace(), size(tensor)).module(),
                tensor.shape().get(1),
                tensor.shape().get(0),
                slices);
    }

    /** Every parameter that an adapter could replace; a tied head has a weight of its own here. */
    public List<ParameterShape> parameters() {
        Stream<TensorSpec> head = isHeadTied() ? Stream.of(headWeight()) : Stream.of();
        return Stream.concat(tensors().stream(), head)
                .map(tensor -> new ParameterShape(tensor.huggingFace(), size(tensor)))
                .toList();
    }

    /** Whether the head's weight is the token table. */
    public boolean isHeadTied() {
        return labels == 0 && hasHead() && config.tiedEmbeddings();
    }

    /** Whether it gives logits: an encoder without labels does not. */
    public boolean hasHead() {
        return labels > 0 || family().has(Part.HEAD);
    }

    /** Whether it is a classifier. */
    public boolean isClassifier() {
        return labels > 0;
    }

    List<AddedPart> added() {
        return added;
    }

    Quantization quantization() {
        return quantization;
    }

    private Family family() {
        return Families.named(config.family());
    }

    TensorSpec headWeight() {
        return labels == 0
                ? family().weight(config, Part.HEAD, 0)
                : TaskHead.weight(config, HeadTask.ONE_LABEL, labels);
    }

    /** The arrays of the model itself, each once. */
    List<TensorSpec> tensors() {
        List<TensorSpec> all = new ArrayList<>(family().tensors(config).values());
        if (labels > 0) {
            all.removeIf(tensor -> tensor.part() == Part.HEAD);
            all.addAll(TaskHead.tensors(config, HeadTask.ONE_LABEL, labels));
        }
        return all;
    }

    boolean isTrained(TensorSpec tensor) {
        return tensor.part() == Part.HEAD ? headTrained : trained;
    }

    /** Whether a weight is stored in fewer bits. */
    boolean isQuantized(TensorSpec tensor) {
        Part part = tensor.part();
        boolean vocabulary = part == Part.TOKENS || part == Part.HEAD && labels == 0;
        return quantization != null
                && tensor.isMatrix()
                && (part.isInLayer() || vocabulary && quantization == Quantization.INT8)
                && QuantizedArray.fits(tensor.shape(), quantization);
    }

    private long bytes(TensorSpec tensor, DType dtype) {
        if (isQuantized(tensor)) {
            return QuantizedArray.bytes(tensor.shape(), quantization);
        }
        return size(tensor) * (tensor.part().isNorm() ? Float.BYTES : dtype.bytes());
    }

    static long size(TensorSpec tensor) {
        Shape shape = tensor.shape();
        return shape.size();
    }

    /** The table of its parts, their parameters and the size in memory. */
    @Override
    public String toString() {
        return ShapeTable.of(this).toString();
    }

    @Override
    public String html() {
        return ShapeTable.of(this).html();
    }
}
