package dev.lorikeet.cli;

import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import picocli.CommandLine.Option;

/** Options of the base model and its weights. */
final class ModelOptions {

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "MODEL",
            description = "The model; see below.")
    private String model;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            completionCandidates = Choices.Precisions.class,
            description = "Type in which it multiplies: ${COMPLETION-CANDIDATES}. By default the one for which the "
                    + "device has instructions, which is printed.")
    private DType dtype;

    @Option(
            names = "--quantize",
            paramLabel = "FORM",
            completionCandidates = Choices.Quantizations.class,
            description =
                    "Holds its weights in fewer bits: ${COMPLETION-CANDIDATES} (the last: as a GGUF file has them).")
    private Quantization quantization;

    PretrainedModel load() {
        if (quantization == null) {
            return dtype == null ? Models.load(model) : Models.load(model, dtype);
        }
        return dtype == null ? Models.load(model, quantization) : Models.load(model, quantization, dtype);
    }
}
