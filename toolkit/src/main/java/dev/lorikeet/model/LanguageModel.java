package dev.lorikeet.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.block.Layer;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.Parameters;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.embed.Embedder;
import dev.lorikeet.model.embed.HasEmbedder;
import dev.lorikeet.model.input.TokenIds;
import dev.lorikeet.model.io.GgufType;
import dev.lorikeet.model.io.LoadedModel;
import dev.lorikeet.model.io.ModelLock;
import dev.lorikeet.model.io.ModelSnapshot;
import dev.lorikeet.model.io.SavedModel;
import dev.lorikeet.model.io.TaskHead;
import dev.lorikeet.model.summary.ModelSummary;
import dev.lorikeet.model.summary.ModelTree;
import dev.lorikeet.model.summary.ParameterBytes;
import dev.lorikeet.model.summary.ParameterCount;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.text.HasTokenizer;
import dev.lorikeet.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A transformer with its tokenizer, on one device: a {@link PretrainedModel} as it is published, or a {@link TaskModel} that decides.
 * Close it to free its memory; one that nothing refers to is freed by itself. One thread at a time uses a model: another one waits
 * for its turn, or is refused while the model is trained.
 */
public abstract sealed class LanguageModel implements HasTokenizer, HasEmbedder, AutoCloseable, Renderable
        permits PretrainedModel, TaskModel {

    /** The size at which Hugging Face's tools cut files of weights. */
    private static final long LARGEST_FILE = 5_000_000_000L;

    private final LoadedModel parts;
    private final Adapters adapters;

    LanguageModel(LoadedModel parts, Adapters adapters) {
        this.parts = parts;
        this.adapters = adapters;
    }

    final LoadedModel parts() {
        return parts;
    }

    /** The name or path by which it was loaded. */
    public final String name() {
        return parts.name();
    }

    /** The DJL block. */
    public final Transformer transformer() {
        checkOpen();
        return parts.transformer();
    }

    public final ModelConfig config() {
        return parts.transformer().config();
    }

    @Override
    public final Tokenizer tokenizer() {
        return parts.tokenizer();
    }

    /** What fills short rows of a batch; never looked at. A padding token without a row in the token table is replaced by id 0. */
    public final int padId() {
        return parts.padId();
    }

    /** The compute dtype, in which frozen dense weights are kept too. */
    public final DType computeDtype() {
        return transformer().computeDtype();
    }

    /**
     * Sets the compute dtype. Frozen weights are rounded to it and take its memory; trained ones stay float32 and are rounded each time
     * that they are used, as in mixed precision elsewhere.
     */
    public final void computeDtype(DType dtype) {
        try (ModelLock.Use use = use("changing the dtype")) {
            transformer().computeDtype(dtype);
        }
    }

    /** Whether weights are stored in a {@link Quantization quantised} form. */
    public final boolean isQuantized() {
        return transformer().isQuantized();
    }

    public final Device device() {
        return parts.manager().getDevice();
    }

    /** Owns the parameters; a new adapter's belong to it too. */
    public final NDManager manager() {
        checkOpen();
        return parts.manager();
    }

    /** Every parameter once, adapters included, in the order of the layers; a tied head is its token table. */
    public final List<Parameter> parameters() {
        // A parameter equals itself alone.
        Set<Parameter> all = new LinkedHashSet<>(transformer().getParameters().values());
        for (Projection projection : transformer().projections()) {
            for (LoraWeights delta : projection.loraWeights()) {
                all.add(delta.a());
                all.add(delta.b());
            }
        }
        transformer().overrides().forEach(override -> all.add(override.parameter()));
        return List.copyOf(all);
    }

    /** The adapters on this model by name: which there are, which are active. */
    public final Adapters adapters() {
        return adapters;
    }

    /**
     * Adds the active adapters into the model's own weights and returns the model, which can then be saved whole: {@code
     * model.merge().save("folder")}. What was merged before stays so; without an active adapter nothing changes.
     */
    public abstract LanguageModel merge();

    final void mergeAdapters() {
        try (ModelLock.Use use = use("merging")) {
            List<Adapter> active = adapters.in(Adapter.State.ACTIVE);
            active.forEach(Adapter::checkMergeable);
            active.forEach(Adapter::merge);
        }
    }

    /**
     * Saves the model as PEFT does: while an adapter is active, that adapter alone, with the name of its base; else the whole
     * model in its own {@link #computeDtype}, as {@link #save(Path, DType, long)} does. {@code Models.load} reads either, and {@code
     * Models.classifier} that of a classifier. To save all of a model with adapters, {@link #merge} them first.
     *
     * @param folder a new or an empty one, or one that an earlier call has written and nobody has added to
     * @return what was written
     * @throws BadArgumentException if the folder holds other files
     * @throws LorikeetException if several adapters are active, or one on top of a merged one
     */
    public SavedModel save(Path folder) {
        checkOpen();
        List<Adapter> active = adapters.in(Adapter.State.ACTIVE);
        if (active.isEmpty()) {
            return save(folder, computeDtype());
        }
        List<Adapter> merged = adapters.in(Adapter.State.MERGED);
        if (active.size() > 1 || !merged.isEmpty()) {
            throw new LorikeetException(
                    ("%s has the active adapters %s and the merged ones %s, which a folder cannot hold apart. model.merge().save(…) "
                                    + "saves the whole model with all of them; save(…) of an adapter saves that one")
                            .formatted(name(), names(active), names(merged)));
        }
        BadArgumentException.unless(
                !Files.exists(folder.resolve("config.json")),
                "folder",
                folder,
                "a new one for the adapter; this one holds a whole model");
        return active.get(0).save(folder);
    }

    /** Saves the model as {@link #save(Path)} does. */
    public final SavedModel save(String folder) {
        return save(Path.of(folder));
    }

    /** Saves the whole model as {@link #save(Path, DType, long)} does, in files of at most 5 GB. */
    public final SavedModel save(Path folder, DType dtype) {
        return save(folder, dtype, LARGEST_FILE);
    }

    /** Saves the whole model as {@link #save(Path, DType, long)} does, in files of at most 5 GB. */
    public final SavedModel save(String folder, DType dtype) {
        return save(Path.of(folder), dtype);
    }

    /** Saves the whole model as {@link #save(Path, DType, long)} does. */
    public final SavedModel save(String folder, DType dtype, long largestFile) {
        return save(Path.of(folder), dtype, largestFile);
    }

    /**
     * Writes the whole model as a folder that transformers and {@link Models} read: safetensors, {@code config.json} and the
     * tokenizer's files, whole or not at all. A classifier is written as transformers' {@code …ForSequenceClassification} with
     * its labels; its head has a bias, which transformers leaves out with a warning.
     *
     * @param folder a new or an empty one, or one that an earlier call has written and nobody has added to
     * @param dtype in which the weights are stored, rounded to the nearest
     * @param largestFile most bytes of weights in a file; if there are more, they are cut into several with an index
     * @throws BadArgumentException if the folder holds other files
     * @throws LorikeetException if an adapter is active: {@code merge()} or {@code disable()} it first
     * @throws StoppedException if the thread is interrupted; the folder is then as it was
     */
    public final SavedModel save(Path folder, DType dtype, long largestFile) {
        try (ModelLock.Use use = use("saving")) {
            return write(folder, dtype, largestFile);
        }
    }

    abstract SavedModel write(Path folder, DType dtype, long largestFile);

    /**
     * Writes the model as it is in memory, for other processes: dense weights in their own types, quantized ones bit for bit, with the
     * tokenizer. An active adapter is left out, with the head that it brings; {@link Adapter#save} writes those. {@code Models.load}
     * reads the folder, or {@code Models.classifier} and its kin.
     *
     * @param folder a new one
     * @throws LorikeetException if the model's tokenizer came from no file
     */
    public final void snapshot(Path folder) {
        try (ModelLock.Use use = use("copying")) {
            Set<String> active = activeNames();
            ModelSnapshot.write(parts(), active, active.isEmpty() ? head() : Optional.empty(), folder);
        }
    }

    /**
     * Writes the tokenizer without the model, with its chat template, for other processes; {@code ModelSnapshot.tokenizer} reads it.
     *
     * @param folder a new one
     * @throws LorikeetException if the tokenizer came from no file
     */
    public final void snapshotTokenizer(Path folder) {
        ModelSnapshot.writeTokenizer(parts(), folder);
    }

    /** The head for a task; empty for a model without one. */
    abstract Optional<TaskHead> head();

    /**
     * Writes the whole model as a GGUF file for llama.cpp.
     *
     * @throws LorikeetException for a classifier, which the format cannot hold, and if an adapter is active
     */
    public abstract SavedModel saveGguf(Path file, GgufType type);

    /** Writes a GGUF file as {@link #saveGguf(Path, GgufType)} does. */
    public final SavedModel saveGguf(String file, GgufType type) {
        return saveGguf(Path.of(file), type);
    }

    /** Writes a GGUF file with matrices in float16; see {@link #saveGguf(Path, GgufType)}. */
    public final SavedModel saveGguf(Path file) {
        return saveGguf(file, GgufType.F16);
    }

    /** Writes a GGUF file with matrices in float16; see {@link #saveGguf(Path, GgufType)}. */
    public final SavedModel saveGguf(String file) {
        return saveGguf(Path.of(file));
    }

    /** The names of the active adapters. */
    final Set<String> activeNames() {
        return Set.copyOf(names(adapters.in(Adapter.State.ACTIVE)));
    }

    private static List<String> names(List<Adapter> adapters) {
        return adapters.stream().map(Adapter::name).toList();
    }

    /** Bytes of the parameters as they are stored, of those that training changes and of the others. */
    public final ParameterBytes parameterBytes() {
        return ParameterBytes.of(parameters(), transformer().auxiliary());
    }

    /** Lets go of the gradients that a training has left in the trained parameters. */
    public final void forgetGradients() {
        try (ModelLock.Use use = use("freeing gradients")) {
            for (Parameter parameter : parameters()) {
                if (parameter.requiresGradient()) {
                    Parameters.change(parameter, false, DType.FLOAT32);
                }
            }
        }
    }

    /** Parameters in all and those that training changes. */
    public final ParameterCount parameterCount() {
        return ParameterCount.of(parameters());
    }

    /**
     * Freezes or unfreezes every parameter of the model itself, tables and normalisations included; not the adapters. Frozen
     * weights are kept in the model's {@link #computeDtype}, trained ones in float32.
     */
    public final void freeze(boolean frozen) {
        try (ModelLock.Use use = use("freezing")) {
            transformer().freeze(own(), frozen);
        }
    }

    /**
     * Freezes all but the last layers, the final normalisation and a classifier's head: fine-tuning of the layers nearest to
     * the output, which needs no gradients and no activations of those before them.
     *
     * @param layers how many of them are trained, at least 1
     */
    public final void trainLast(int layers) {
        List<Layer> all = transformer().layers();
        BadArgumentException.unless(
                layers > 0 && layers <= all.size(),
                "layers",
                layers,
                "1 to " + all.size() + ", the layers of " + name());
        try (ModelLock.Use use = use("freezing")) {
            freeze(true);
            List<Parameter> trained = new ArrayList<>();
            for (Layer layer : all.subList(all.size() - layers, all.size())) {
                trained.addAll(layer.getParameters().values());
            }
            for (Block after :
                    Arrays.asList(transformer().finalNorm(), transformer().pooler())) {
                if (after != null) {
                    trained.addAll(after.getParameters().values());
                }
            }
            if (this instanceof TaskModel) {
                trained.addAll(transformer().head().getParameters().values());
            }
            transformer().freeze(trained, false);
        }
    }

    private List<Parameter> own() {
        return transformer().getParameters().values();
    }

    /** Its name, family, parameters, compute dtype, device, quantization and context length in one line. */
    @Override
    public final String toString() {
        return ModelFacts.of(this).toString();
    }

    @Override
    public final String html() {
        return ModelFacts.of(this).html();
    }

    /** The table of layers, shapes and parameters. */
    public final ModelSummary summary() {
        return ModelSummary.of(name(), transformer(), tokenizer(), parameterCount());
    }

    /** The blocks as an indented text, equal layers shown once. */
    public final ModelTree tree() {
        return ModelTree.of(transformer(), device());
    }

    public final boolean isOpen() {
        return parts.lifetime().isOpen();
    }

    /**
     * Frees the model's memory, once the call that uses it in another thread has ended.
     *
     * @throws LorikeetException if it is called from within a call that uses the model, as by a listener
     */
    @Override
    public final void close() {
        parts.lifetime().close(name());
    }

    /**
     * Begins a use of the model by this thread: waits until no other thread uses it. A use within a use of the same thread is
     * possible.
     *
     * @param activity such as "generating", for messages
     * @return ends the use when it is closed
     * @throws LorikeetException if the model is closed, or another thread trains it
     * @throws StoppedException if the thread is interrupted while it waits
     */
    public final ModelLock.Use use(String activity) {
        return checked(parts.lifetime().use(name(), activity));
    }

    /** Begins a long use, as {@link #use} does, during which calls of other threads are refused. */
    public final ModelLock.Use occupy(String activity) {
        return checked(parts.lifetime().occupy(name(), activity));
    }

    private ModelLock.Use checked(ModelLock.Use use) {
        if (!isOpen()) {
            use.close();
            checkOpen();
        }
        return use;
    }

    /** Throws a {@link LorikeetException} that names the model if it was closed. */
    public final void checkOpen() {
        if (!isOpen()) {
            throw new LorikeetException("The model " + name() + " is closed; load it again to use it");
        }
    }

    @Override
    public final Embedder embedder() {
        checkOpen();
        return Embedder.of(parts(), () -> use("embedding"));
    }

    /** The ids of a text, cut to the model's context. */
    public final int[] encode(String text) {
        return tokenizer().encodeCut(text, config().contextLength());
    }

    /**
     * Token ids on their way to the engine.
     *
     * @param rows of equal length, each id below the size of the vocabulary
     * @return int64 (batch, time) in {@code manager}
     */
    public final NDArray ids(NDManager manager, int[][] rows) {
        return TokenIds.of(manager, rows, config().vocabSize());
    }
}
