package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The weights of a model on their way into files, with a progress bar. */
final class Export implements AutoCloseable {

    /** Said in the metadata of what is written, so that it may be written over. */
    static final String PRODUCER = "producer";

    static final String US = "lorikeet";

    private final List<Weight> weights;
    private final Progress progress;
    private int done;

    /** @throws LorikeetException if adapters are active, which are no part of what would be written */
    Export(CausalModel model, Path target) {
        model.checkWrites();
        Set<String> adapters = new TreeSet<>();
        model.transformer()
                .projections()
                .forEach(projection -> projection.deltas().forEach(delta -> adapters.add(delta.adapter())));
        if (!adapters.isEmpty()) {
            throw new LorikeetException(
                    ("The adapter \"%s\" is active and no part of %s's own weights, which are what is saved. merge() it to "
                                    + "save the model with it; disable() it to save the model without")
                            .formatted(String.join("\", \"", adapters), model.name()));
        }
        this.weights = Weight.of(model.transformer());
        this.progress = Progress.start("Saving " + target, weights.size());
    }

    List<Weight> weights() {
        return weights;
    }

    /** Shows that a weight's turn has come. */
    Supplier<NDArray> counted(Weight weight, Supplier<NDArray> array) {
        return () -> {
            progress.at(++done, weight.name());
            return array.get();
        };
    }

    /** Whether a file of tensors was written here. */
    static boolean isOurs(Path file) {
        // An interrupt closes the file that is being read, which then looks damaged.
        StoppedException.check("Saving was stopped before it began; nothing was changed");
        try (TensorFile tensors = TensorFile.open(file)) {
            return US.equals(tensors.metadata().get(PRODUCER));
        } catch (BadFileException e) {
            return false;
        }
    }

    @Override
    public void close() {
        progress.close();
    }
}
