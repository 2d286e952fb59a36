package dev.lorikeet.lora;

import ai.djl.nn.Parameter;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.model.Adapter;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.FiniteCheck;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.io.ModelLock;
import dev.lorikeet.model.io.SavedModel;
import dev.lorikeet.model.summary.ParameterCount;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A LoRA adapter on a model: train it, save it, disable and enable it, merge it or remove it. */
public final class LoraAdapter implements Adapter, Renderable {

    /** A projection and the matrices A and B that the adapter has on it. */
    record AdaptedProjection(Projection projection, LoraWeights weights) {}

    /** A parameter of the model and the adapter's own copy that replaces it. */
    record SavedParameter(ParameterSlot slot, ParameterSlot.ParameterOverride override) {}

    private final LoraConfig config;
    private final LanguageModel model;
    private final List<AdaptedProjection> adaptedProjections;
    private final List<SavedParameter> savedParameters;
    private State state = State.ACTIVE;

    /** Registers an adapter whose matrices and copies are on the model already. */
    LoraAdapter(
            LoraConfig config,
            LanguageModel model,
            List<AdaptedProjection> adaptedProjections,
            List<SavedParameter> savedParameters) {
        this.config = config;
        this.model = model;
        this.adaptedProjections = List.copyOf(adaptedProjections);
        this.savedParameters = List.copyOf(savedParameters);
        model.adapters().add(this);
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public State state() {
        return state;
    }

    /** The configuration; for a loaded adapter, that of its file. */
    public LoraConfig config() {
        return config;
    }

    /** The model that carries the adapter. */
    public LanguageModel model() {
        return model;
    }

    List<AdaptedProjection> adaptedProjections() {
        return adaptedProjections;
    }

    List<SavedParameter> savedParameters() {
        return savedParameters;
    }

    /** Counts the model's parameters including the adapter's, and how many of the adapter's are trainable. */
    @Override
    public ParameterCount trainableParameters() {
        List<Parameter> own = parameters();
        long size = own.stream().mapToLong(p -> p.getShape().size()).sum();
        long trained = own.stream()
                .filter(Parameter::requiresGradient)
                .mapToLong(p -> p.getShape().size())
                .sum();
        long shown = state == State.ACTIVE ? 0 : size;
        return new ParameterCount(model.parameterCount().total() + shown, trained);
    }

    private List<Parameter> parameters() {
        return Stream.concat(
                        adaptedProjections.stream()
                                .flatMap(p ->
                                        Stream.of(p.weights().a(), p.weights().b())),
                        savedParameters.stream().map(c -> c.override().parameter()))
                .toList();
    }

    /** Enables the adapter again when it is closed, once. */
    private final class Reenabling implements Disabled {

        private boolean closed;

        @Override
        public void close() {
            if (!closed && state == State.DISABLED && model.isOpen()) {
                enable();
            }
            closed = true;
        }
    }

    /**
     * Takes the adapter out of the model's computation, which is then that of the base model, bit for bit. Closing the returned
     * object enables the adapter again, and so does {@link #enable}:
     *
     * <pre>{@code
     * try (var off = adapter.disable()) {
     *     model.generate("I like basketball", 20);
     * }
     * }</pre>
     */
    @Override
    public Disabled disable() {
        try (ModelLock.Use use = use(State.ACTIVE, "disable")) {
            detach();
            state = State.DISABLED;
            return new Reenabling();
        }
    }

    private void detach() {
        adaptedProjections.forEach(p -> p.projection().remove(p.weights()));
        savedParameters.forEach(c -> c.slot().remove(c.override()));
    }

    /**
     * Undoes {@link #disable}.
     *
     * @throws LorikeetException if another active adapter has a copy of the same parameter
     */
    @Override
    public void enable() {
        try (ModelLock.Use use = use(State.DISABLED, "enable")) {
            savedParameters.forEach(c -> c.slot().checkFree(name()));
            savedParameters.forEach(c -> c.slot().put(c.override()));
            adaptedProjections.forEach(p -> p.projection().add(p.weights()));
            state = State.ACTIVE;
        }
    }

    /**
     * Adds scale · BA to the model's own weights and takes the adapter out of the computation: the same output, at the
     * speed of the base model. The adapter keeps its matrices and can still be saved; its copies of biases and modules to
     * save stay in use. A head that is tied to the token table gets a weight of its own, and the model is saved as one that is
     * not tied. {@link LanguageModel#merge} merges all active adapters of a model.
     *
     * @throws dev.lorikeet.base.NonFiniteException if the adapter holds values that are NaN or infinite; nothing is changed
     * @throws LorikeetException if another adapter brings a whole weight for one of the layers; nothing is merged then
     */
    @Override
    public void merge() {
        try (ModelLock.Use use = use(State.ACTIVE, "merge")) {
            checkMergeable();
            adaptedProjections.forEach(p -> p.projection().merge(p.weights()));
            state = State.MERGED;
        }
    }

    @Override
    public void checkMergeable() {
        adaptedProjections.forEach(p -> FiniteCheck.mergeable(p.projection(), p.weights()));
        savedParameters.forEach(c -> FiniteCheck.mergeable(c.slot(), c.override()));
        adaptedProjections.forEach(p -> p.projection().checkMergeable(p.weights()));
    }

    /** Undoes {@link #merge}, up to rounding; to the last bit for a quantized weight or a tied head. */
    public void unmerge() {
        try (ModelLock.Use use = use(State.MERGED, "unmerge")) {
            adaptedProjections.forEach(p -> p.projection().unmerge(p.weights()));
            state = State.ACTIVE;
        }
    }

    /** Takes the adapter off the model, which is then as before, bit for bit, and frees its memory. */
    @Override
    public void remove() {
        try (ModelLock.Use use = use(state == State.DISABLED ? State.DISABLED : State.ACTIVE, "remove")) {
            detach();
            adaptedProjections.forEach(p -> p.weights().close());
            savedParameters.forEach(c -> c.override().parameter().close());
            model.adapters().forget(this);
            state = State.REMOVED;
        }
    }

    /**
     * Writes adapter_config.json and adapter_model.safetensors as PEFT does, with a classifier's head. Saving a merged adapter
     * prints a line, since the files are for the model before merging.
     *
     * @param folder created if missing; files with these names are replaced
     * @return what was written
     * @throws LorikeetException if the adapter was removed
     */
    @Override
    public SavedModel save(Path folder) {
        model.checkOpen();
        if (state == State.REMOVED) {
            throw new LorikeetException("The adapter \"" + name() + "\" was removed; there is nothing left to save. "
                    + "Save an adapter before remove(), or load it again with Lora.load(folder, model)");
        }
        List<Path> files;
        try (ModelLock.Use use = model.use("saving an adapter")) {
            files = AdapterWriter.write(folder, this);
        }
        if (state == State.MERGED) {
            System.out.println("The adapter \"" + name() + "\" is merged into the model's weights. Its matrices "
                    + "were saved for the model before merging: loaded onto the merged model they would count twice.");
        }
        return SavedModel.of(folder, "LoRA adapter for " + model.name(), files);
    }

    /**
     * Writes the adapter alone as a GGUF file that llama.cpp applies to a GGUF of the same model, such as {@link
     * dev.lorikeet.model.PretrainedModel#saveGguf} writes.
     *
     * @param file a new file, or one that an earlier call wrote
     * @throws dev.lorikeet.base.BadArgumentException if the file exists and was not written by Lorikeet
     * @throws LorikeetException if the adapter was removed, is on a classifier, or is on a head that is tied to the token embedding
     */
    public void saveGguf(Path file) {
        model.checkOpen();
        if (state == State.REMOVED) {
            throw new LorikeetException("The adapter \"" + name() + "\" was removed; there is nothing left to save");
        }
        try (ModelLock.Use use = model.use("saving an adapter")) {
            GgufAdapterWriter.write(file, this);
        }
    }

    /** Writes the adapter as {@link #saveGguf(Path)} does. */
    public void saveGguf(String file) {
        saveGguf(Path.of(file));
    }

    /** Begins a use of the model for a call that needs the adapter in a state. */
    private ModelLock.Use use(State needed, String call) {
        ModelLock.Use use = model.use(call + "() of an adapter");
        if (state != needed) {
            use.close();
            throw new LorikeetException(
                    "%s() needs the adapter \"%s\" to be %s; it is %s".formatted(call, name(), needed, state));
        }
        return use;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "LoRA \"%s\": rank %d, scale %.4g on %s; %s; %s",
                name(),
                config.rank(),
                config.scale(),
                config.targetModules(),
                size(),
                state);
    }

    private String size() {
        return model.isOpen() ? trainableParameters().toString() : "its model is closed";
    }

    @Override
    public String html() {
        return HtmlTable.of()
                .title("LoRA \"" + name() + "\"")
                .row("Model", model.name())
                .row("Rank", config.rank())
                .row(
                        "Alpha",
                        "%s (scale %s)".formatted(HtmlTable.format(config.alpha()), HtmlTable.format(config.scale())))
                .row("Dropout", String.valueOf(config.dropout()))
                .row("Targets", config.targetModules().toString())
                .row("Parameters", size())
                .row("State", state.toString())
                .html();
    }
}
