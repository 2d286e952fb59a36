package dev.lorikeet.model;

import dev.lorikeet.model.spec.HeadTask;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads adapters from folders. The room {@code lora}, which this one may not call, provides it as a service. */
public interface AdapterFormat {

    /**
     * What a folder says of its adapter.
     *
     * @param base the name or the path of the model that it belongs to; may be empty
     * @param task of the head that it belongs to; empty for a model without one
     * @param labels in the order of the classes; empty where the files do not name them, as PEFT's do not
     * @param classes how many classes its head has; 0 without one
     */
    record Description(String base, Optional<HeadTask> task, List<String> labels, int classes) {}

    /** Whether a folder holds an adapter. */
    boolean isIn(Path folder);

    /**
     * Reads what a folder says of its adapter.
     *
     * @throws dev.lorikeet.base.BadFileException if it cannot be read
     */
    Description describe(Path folder);

    /** Puts the adapter of a folder on a model. */
    Adapter load(Path folder, LanguageModel model);
}
