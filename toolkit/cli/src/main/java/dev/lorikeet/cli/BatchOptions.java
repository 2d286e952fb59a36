package dev.lorikeet.cli;

import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.train.FineTune;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Options of the batch. */
final class BatchOptions {

    private static final int LENGTH = 512;

    @Option(
            names = {"--batch", "--batch-size"},
            paramLabel = "N",
            defaultValue = "8",
            description = "Rows in a batch; ${DEFAULT-VALUE} by default.")
    private int size;

    @Option(
            names = "--length",
            paramLabel = "N",
            description =
                    "Most tokens of a row, longer texts are cut; " + LENGTH + " or the model's context by default. "
                            + "A classifier's texts are padded to it too, and by default to the longest of the batch.")
    private Integer length;

    @Option(
            names = "--recompute",
            description =
                    "Computes each layer again on the way back instead of keeping what it held: less memory, more time.")
    private boolean recompute;

    int size() {
        return size;
    }

    <T extends FineTune<T>> T on(T tuning) {
        return recompute ? tuning.recompute() : tuning;
    }

    OptionalInt lengthIfSet() {
        return length == null ? OptionalInt.empty() : OptionalInt.of(length);
    }

    int length(LanguageModel model) {
        return lengthIfSet().orElse(Math.min(LENGTH, model.config().contextLength()));
    }
}
