package dev.lorikeet.cli;

import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.io.GgufType;
import dev.lorikeet.model.io.SavedModel;
import dev.lorikeet.tensor.DType;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lorikeet merge}. */
@Command(
        name = "merge",
        description = "Adds an adapter to the weights of its model and writes the result as a model.",
        footer = {
            "Examples:",
            "  lorikeet merge -m smollm2-135m --adapter spam --out merged",
            "  lorikeet merge -m smollm2-135m --adapter titles --gguf titles.gguf --type q8_0",
            "",
            LorikeetCommand.MODELS,
            LorikeetCommand.OUTPUT,
            LorikeetCommand.STATUS,
        })
final class MergeCommand implements Runnable {

    /** The dtypes of merged weights, in a folder and in a GGUF file. */
    enum OutputType {
        F32(DType.FLOAT32, GgufType.F32),
        F16(DType.FLOAT16, GgufType.F16),
        BF16(DType.BFLOAT16, null),
        Q8_0(null, GgufType.Q8_0);

        private final Optional<DType> inFolder;
        private final Optional<GgufType> inGguf;

        OutputType(DType inFolder, GgufType inGguf) {
            this.inFolder = Optional.ofNullable(inFolder);
            this.inGguf = Optional.ofNullable(inGguf);
        }
    }

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "MODEL",
            description = "The base model of the adapter.")
    private String model;

    @Option(names = "--adapter", required = true, paramLabel = "FOLDER", description = "The adapter, in PEFT's layout.")
    private Path adapter;

    @ArgGroup(multiplicity = "1")
    private Target target;

    private static final class Target {

        @Option(names = "--out", paramLabel = "FOLDER", description = "A folder for transformers, with safetensors.")
        private Path folder;

        @Option(names = "--gguf", paramLabel = "FILE", description = "A GGUF file for llama.cpp.")
        private Path gguf;
    }

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "f16",
            completionCandidates = Choices.OutputTypes.class,
            description =
                    "How weights are stored: ${COMPLETION-CANDIDATES} (bf16 in folders, q8_0 in GGUF files only); "
                            + "${DEFAULT-VALUE} by default.")
    private OutputType type;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            defaultValue = "float32",
            completionCandidates = Choices.Precisions.class,
            description =
                    "In which the model is held meanwhile: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} by default.")
    private DType dtype;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        boolean asFolder = target.folder != null;
        Failures.usageUnless(
                !asFolder || type.inFolder.isPresent(),
                spec,
                "A folder cannot have the type q8_0; use f32, f16 or bf16, or write a file with --gguf");
        Failures.usageUnless(
                asFolder || type.inGguf.isPresent(), spec, "A GGUF file is not written in bf16; use f32, f16 or q8_0");
        boolean classifies = !Lora.labels(adapter).isEmpty();
        Failures.usageUnless(
                asFolder || !classifies,
                spec,
                "A GGUF file has no place for a classifier's head; write a folder with --out");
        try (PretrainedModel loaded = Models.load(model, dtype)) {
            LanguageModel merged = adapted(loaded, classifies).merge();
            SavedModel saved = asFolder
                    ? merged.save(target.folder, type.inFolder.orElseThrow())
                    : merged.saveGguf(target.gguf, type.inGguf.orElseThrow());
            spec.commandLine().getOut().println(saved);
        }
    }

    private LanguageModel adapted(PretrainedModel base, boolean classifies) {
        if (classifies) {
            return Models.classifier(adapter.toString(), base);
        }
        Lora.load(adapter, base);
        return base;
    }
}
