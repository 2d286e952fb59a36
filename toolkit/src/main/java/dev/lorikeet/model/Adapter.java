package dev.lorikeet.model;

import dev.lorikeet.model.io.SavedModel;
import dev.lorikeet.model.summary.ParameterCount;
import java.nio.file.Path;

/** A named change of a model that can be switched on and off; see {@link Adapters}. */
public interface Adapter {

    /** What an adapter is to its model. */
    enum State {
        /** Part of the computation, and trained by a training. */
        ACTIVE,
        /** Kept, but no part of the computation. */
        DISABLED,
        /** Added into the model's own weights. */
        MERGED,
        /** Gone. */
        REMOVED;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** The time during which an adapter is out of the computation; closing it puts the adapter back, once. */
    interface Disabled extends AutoCloseable {

        @Override
        void close();
    }

    String name();

    State state();

    /** Its parameters among all of the model's. */
    ParameterCount trainableParameters();

    /** Takes it out of the model's computation until {@link #enable} or the end of the scope that is returned. */
    Disabled disable();

    void enable();

    /** Adds it into the model's own weights; the output stays the same. */
    void merge();

    /** Throws a {@link dev.lorikeet.base.NonFiniteException} if it holds values that are NaN or infinite. */
    void checkMergeable();

    /** Takes it off the model, which is then as before, and frees its memory. */
    void remove();

    /** Writes it as a folder that {@link Models#load(String)} or {@link Models#classifier(String)} reads together with its base. */
    SavedModel save(Path folder);

    /** Writes it as {@link #save(Path)} does. */
    default SavedModel save(String folder) {
        return save(Path.of(folder));
    }
}
