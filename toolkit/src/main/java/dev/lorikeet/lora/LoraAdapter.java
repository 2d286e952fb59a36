package dev.lorikeet.lora;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.Delta;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.ParameterCount;
import dev.lorikeet.model.Projection;
import dev.lorikeet.tensor.Ops;
import java.nio.file.Path;
import java.util.List;

/** An adapter on a model: trained, saved, switched off and on, merged or removed. */
public final class LoraAdapter {

    /** A pair of matrices and the projection that it is for. */
    record Placed(Projection projection, Delta delta) {}

    private enum State {
        ACTIVE,
        DISABLED,
        MERGED,
        REMOVED
    }

    private final Lora settings;
    private final LanguageModel model;
    private final List<Placed> placed;
    private State state = State.ACTIVE;

    LoraAdapter(Lora settings, LanguageModel model, List<Placed> placed) {
        this.settings = settings;
        this.model = model;
        this.placed = List.copyOf(placed);
    }

    public String name() {
        return settings.name();
    }

    /** What it was made with; for one that was loaded, what its file says. */
    public Lora settings() {
        return settings;
    }

    public LanguageModel model() {
        return model;
    }

    List<Placed> placed() {
        return placed;
    }

    /** The adapter's parameters among all of the model's. */
    public ParameterCount trainableParameters() {
        long own = placed.stream()
                .mapToLong(p -> p.delta().a().getShape().size()
                        + p.delta().b().getShape().size())
                .sum();
        long shown = state == State.ACTIVE ? 0 : own;
        return new ParameterCount(model.parameterCount().total() + shown, own);
    }

    /** The time during which an adapter is out of the computation; closing it puts the adapter back, once. */
    public final class Disabled implements AutoCloseable {

        private boolean over;

        private Disabled() {}

        @Override
        public void close() {
            if (!over && state == State.DISABLED && model.isOpen()) {
                enable();
            }
            over = true;
        }
    }

    /**
     * Takes the adapter out of the model's computation, which is then that of the model alone, bit for bit. What is returned
     * puts it back when it is closed, and so does {@link #enable}:
     *
     * <pre>{@code
     * try (var off = adapter.disable()) {
     *     model.generate("I like basketball", 20);
     * }
     * }</pre>
     */
    public Disabled disable() {
        expect(State.ACTIVE, "disable");
        placed.forEach(p -> p.projection().remove(p.delta()));
        state = State.DISABLED;
        return new Disabled();
    }

    /** Undoes {@link #disable}. */
    public void enable() {
        expect(State.DISABLED, "enable");
        placed.forEach(p -> p.projection().add(p.delta()));
        state = State.ACTIVE;
    }

    /**
     * Adds scale · BA to the model's own weights and takes the adapter out of the computation: the same output, at the
     * speed of the plain model. The adapter keeps its matrices and can still be saved.
     */
    public void merge() {
        expect(State.ACTIVE, "merge");
        apply(1);
        placed.forEach(p -> p.projection().remove(p.delta()));
        state = State.MERGED;
    }

    /** Undoes {@link #merge}, up to rounding. */
    public void unmerge() {
        expect(State.MERGED, "unmerge");
        apply(-1);
        placed.forEach(p -> p.projection().add(p.delta()));
        state = State.ACTIVE;
    }

    private void apply(int sign) {
        for (Placed p : placed) {
            Delta delta = p.delta();
            NDArray weight = p.projection().weight().getArray();
            Ops.addProduct(weight, delta.a().getArray(), delta.b().getArray(), sign * delta.scale(), delta.firstRow());
        }
    }

    /** Takes the adapter off the model and frees its memory. */
    public void remove() {
        expect(state == State.DISABLED ? State.DISABLED : State.ACTIVE, "remove");
        placed.forEach(p -> {
            p.projection().remove(p.delta());
            p.delta().close();
        });
        state = State.REMOVED;
    }

    /**
     * Writes adapter_config.json and adapter_model.safetensors as PEFT does; a classifier's head goes with it. That a merged
     * adapter is saved is said in a line, since what is written is for the model as it was before.
     *
     * @param folder made if missing; files in it with these names are replaced
     * @throws LorikeetException if the adapter was removed
     */
    public void save(Path folder) {
        model.checkOpen();
        if (state == State.REMOVED) {
            throw new LorikeetException("The adapter \"" + name() + "\" was removed; there is nothing left to save. "
                    + "Save it before remove(), or load it again with Lora.load(folder, model)");
        }
        AdapterWriter.write(folder, this);
        if (state == State.MERGED) {
            System.out.println("The adapter \"" + name() + "\" is merged into the model's weights. Saved were its own "
                    + "matrices, for the model as it was before: loaded onto the merged model they would count twice.");
        }
    }

    /**
     * Writes the adapter alone as a GGUF file that llama.cpp applies to a GGUF of the same model, such as {@link
     * dev.lorikeet.model.CausalModel#saveGguf} writes.
     *
     * @param file a new one, or one that an earlier call has written
     * @throws dev.lorikeet.base.BadArgumentException if it is another file
     * @throws LorikeetException if the adapter was removed, is on a classifier, or is on a head that is the token table
     */
    public void saveGguf(Path file) {
        model.checkOpen();
        if (state == State.REMOVED) {
            throw new LorikeetException("The adapter \"" + name() + "\" was removed; there is nothing left to save");
        }
        GgufAdapterWriter.write(file, this);
    }

    private void expect(State needed, String call) {
        model.checkOpen();
        if (state != needed) {
            throw new LorikeetException("%s() needs the adapter \"%s\" to be %s; it is %s"
                    .formatted(
                            call,
                            name(),
                            needed.name().toLowerCase(java.util.Locale.ROOT),
                            state.name().toLowerCase(java.util.Locale.ROOT)));
        }
    }

    @Override
    public String toString() {
        return "LoRA \"%s\": rank %d, scale %.4g on %s; %s"
                .formatted(name(), settings.rank(), settings.scale(), settings.targets(), trainableParameters());
    }
}
