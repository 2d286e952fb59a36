package dev.lorikeet.cli;

import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import java.util.List;
import picocli.CommandLine.Option;

/** The adapter that is trained. */
final class LoraOptions {

    private static final String ALL = "all-linear";

    /** A classifier's head as PEFT calls it. */
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
        Lora lora = Lora.rank(rank).dropout(dropout).seed(seed).alpha(alpha == null ? rank : alpha);
        if (rsLora) {
            lora = lora.rsLora();
        }
        if (targets.equals(List.of(ALL))) {
            return lora.on(Targets.ALL_LINEAR).inject(model);
        }
        if (model instanceof Classifier && !targets.contains(HEAD)) {
            // Nothing else would train it, and its numbers are random; PEFT does the same for its classifiers.
            lora = lora.modulesToSave(HEAD);
        }
        return lora.on(targets).inject(model);
    }
}
