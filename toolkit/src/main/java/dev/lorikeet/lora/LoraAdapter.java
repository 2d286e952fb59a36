package dev.lorikeet.lora;

import ai.djl.nn.Parameter;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.Adapter;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.summary.ParameterCount;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Projection;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** An adapter on a model: trained, saved, switched off and on, merged or removed. */
public final class LoraAdapter implements Adapter {

    /** A pair of matrices and the projection that it is for. */
    record Placed(Projection projection, LoraWeights delta) {}

    /** A trained copy of one of the model's parameters and the place that it is for. */
    record Copied(ParameterSlot slot, ParameterSlot.ParameterOverride standIn) {}

    private final Lora settings;
    private final LanguageModel model;
    private final List<Placed> placed;
    private final List<Copied> copied;
    private State state = State.ACTIVE;

    /** Of what is in its places already. */
    LoraAdapter(Lora settings, LanguageModel model, List<Placed> placed, List<Copied> copied) {
        this.settings = settings;
        this.model = model;
        this.placed = List.copyOf(placed);
        this.copied = List.copyOf(copied);
        model.adapters().add(this);
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public State state() {
        return state;
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

    List<Copied> copied() {
        return copied;
    }

    /** The adapter's parameters among all of the model's. */
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
                        placed.stream()
                                .flatMap(p -> Stream.of(p.delta().a(), p.delta().b())),
                        copied.stream().map(c -> c.standIn().parameter()))
                .toList();
    }

    /** The time during which an adapter is out of the computation; closing it puts the adapter back, once. */
    public final class Disabled implements Adapter.Disabled {

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
    @Override
    public Disabled disable() {
        expect(State.ACTIVE, "disable");
        takeOut();
        state = State.DISABLED;
        return new Disabled();
    }

    private void takeOut() {
        placed.forEach(p -> p.projection().remove(p.delta()));
        copied.forEach(c -> c.slot().remove(c.standIn()));
    }

    /**
     * Undoes {@link #disable}.
     *
     * @throws LorikeetException if an active adapter has a copy of a parameter that this one has a copy of too
     */
    @Override
    public void enable() {
        expect(State.DISABLED, "enable");
        copied.forEach(c -> c.slot().checkFree(name()));
        copied.forEach(c -> c.slot().put(c.standIn()));
        placed.forEach(p -> p.projection().add(p.delta()));
        state = State.ACTIVE;
    }

    /**
     * Adds scale · BA to the model's own weights and takes the adapter out of the computation: the same output, at the
     * speed of the plain model. The adapter keeps its matrices and can still be saved; its copies of biases and of modules
     * saved whole stay in use beside the model's own.
     */
    public void merge() {
        expect(State.ACTIVE, "merge");
        placed.forEach(p -> p.projection().merge(p.delta()));
        state = State.MERGED;
    }

    /** Undoes {@link #merge}, up to rounding. */
    public void unmerge() {
        expect(State.MERGED, "unmerge");
        placed.forEach(p -> p.projection().unmerge(p.delta()));
        state = State.ACTIVE;
    }

    /** Takes the adapter off the model, which is then as before, bit for bit, and frees its memory. */
    @Override
    public void remove() {
        expect(state == State.DISABLED ? State.DISABLED : State.ACTIVE, "remove");
        takeOut();
        placed.forEach(p -> p.delta().close());
        copied.forEach(c -> c.standIn().parameter().close());
        model.adapters().forget(this);
        state = State.REMOVED;
    }

    /**
     * Writes adapter_config.json and adapter_model.safetensors as PEFT does; a classifier's head goes with it. That a merged
     * adapter is saved is said in a line, since what is written is for the model as it was before.
     *
     * @param folder made if missing; files in it with these names are replaced
     * @throws LorikeetException if the adapter was removed
     */
    @Override
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
            throw new LorikeetException(
                    "%s() needs the adapter \"%s\" to be %s; it is %s".formatted(call, name(), needed, state));
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "LoRA \"%s\": rank %d, scale %.4g on %s; %s; %s",
                name(),
                settings.rank(),
                settings.scale(),
                settings.targets(),
                trainableParameters(),
                state);
    }
}
