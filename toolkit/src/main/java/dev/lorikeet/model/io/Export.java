package dev.lorikeet.model.io;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.config.ModelConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The weights of a model on their way into files, with a progress bar. */
final class Export implements AutoCloseable {

    private final List<ExportedWeight> weights;
    private final Progress progress;
    private int done;

    /**
     * @param active the names of adapters that are active
     * @throws LorikeetException if there are any, as they are no part of what would be written
     */
    Export(LoadedModel model, Set<String> active, Path target) {
        Set<String> adapters = new TreeSet<>(active);
        model.transformer()
                .projections()
                .forEach(projection -> projection.loraWeights().forEach(delta -> adapters.add(delta.adapter())));
        if (!adapters.isEmpty()) {
            throw new LorikeetException(
                    ("The adapter \"%s\" is active and no part of %s's own weights, which are what is saved. merge() it to "
                                    + "save the model with it; disable() it to save the model without")
                            .formatted(String.join("\", \"", adapters), model.name()));
        }
        this.weights = ExportedWeight.of(model.transformer(), config(model));
        this.progress = Progress.start("Saving " + target, weights.size()).in("tensors");
    }

    /** The settings of what is written: a head that an adapter has changed is no longer the token table. */
    static ModelConfig config(LoadedModel model) {
        Transformer transformer = model.transformer();
        boolean tied = transformer.hasOwnHead()
                ? transformer.isHeadTied()
                : model.config().tiedEmbeddings();
        return model.config().change().tiedEmbeddings(tied).build();
    }

    List<ExportedWeight> weights() {
        return weights;
    }

    /** Shows that a weight's turn has come. */
    Supplier<NDArray> counted(ExportedWeight weight, Supplier<NDArray> array) {
        return () -> {
            progress.at(++done, weight.name());
            return array.get();
        };
    }

    @Override
    public void close() {
        progress.close();
    }
}
