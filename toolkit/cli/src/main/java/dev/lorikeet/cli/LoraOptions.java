package dev.lorikeet.cli;

import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.lora.LoraBuilder;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of the adapter to train. */
final class LoraOptions {

    private static final String ALL = "all-linear";

    /** PEFT's name of a classifier's head. */
    private static final String HEAD = "score";

    @Option(names = "--rank", paramLabel = "N", defaultValue = "8", description = "Rank; ${DEFAULT-VALUE} by default.")
    private int rank;

    @Option(
            names = "--alpha",
            paramLabel = "X",
            description = "The update is scaled by alpha / rank; the rank by default.")
    private Double alpha;

    @Option(
            names = "--dropout",
            paramLabel = "P",
            defaultValue = "0",
            description =
                    "Probability of leaving out an input of the adapter in training; ${DEFAULT-VALUE} by default.")
    private double dropout;

    @Option(names = "--rslora", description = "Scales by alpha / √rank.")
    private boolean rsLora;

    @Option(
            names = "--targets",
            split = ",",
            paramLabel = "NAME",
            defaultValue = ALL,
            description =
                    "Modules to adapt by the end of their path, such as q_proj,v_proj, or ${DEFAULT-VALUE}, the default. "
                            + "A classifier's head is always trained.")
    private List<String> targets;

    /** Freezes the model and puts a new adapter on it. */
    LoraAdapter inject(LanguageModel model, long seed) {
        LoraBuilder lora = Lora.rank(rank).dropout(dropout).seed(seed).alpha(alpha == null ? rank : alpha);
        if (rsLora) {
            lora = lora.rsLora();
        }
        if (targets.equals(List.of(ALL))) {
            return lora.on(Targets.ALL_LINEAR).inject(model);
        }
        if (model instanceof Classifier && !targets.contains(HEAD)) {
            // Otherwise the randomly initialised head would stay frozen; PEFT does the same for its classifiers.
            lora = lora.modulesToSave(HEAD);
        }
        return lora.on(targets).inject(model);
    }
}
