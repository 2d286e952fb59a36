package dev.lorikeet.cli;

import dev.lorikeet.data.Documents;
import dev.lorikeet.memory.MemoryEstimate;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.train.CausalTuning;
import dev.lorikeet.train.FineTune;
import java.util.Collections;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code lorikeet memory}. */
@Command(
        name = "memory",
        description = {
            "Estimates what training a language model would need, on batches of full rows, and whether it fits into what is "
                    + "available here; exit status 1 if not. It loads the model but does not train."
        },
        footer = {
            "Examples:",
            "  lorikeet memory -m gpt2 --length 512 --batch 4",
            "  lorikeet memory -m owner/name --quantize nf4 --length 1024",
            "",
            LorikeetCommand.MODELS,
            LorikeetCommand.OUTPUT,
            LorikeetCommand.STATUS,
        })
final class MemoryCommand implements Callable<Integer> {

    @Mixin
    private ModelOptions model;

    @Mixin
    private LoraOptions lora;

    @Mixin
    private BatchOptions batch;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (PretrainedModel loaded = model.load()) {
            lora.inject(loaded, 0);
            int length = batch.length(loaded);
            // A word has at least one token, so each row is full and truncated.
            String row = "word ".repeat(length + 1);
            Table rows = Table.create("full rows", StringColumn.create("text", Collections.nCopies(batch.size(), row)));
            CausalTuning tuning = FineTune.of(loaded)
                    .on(Documents.of(rows, "text").length(length).batch(batch.size()));
            MemoryEstimate estimate = batch.on(tuning).estimate();
            spec.commandLine().getOut().println(estimate);
            return status(estimate);
        }
    }

    static int status(MemoryEstimate estimate) {
        return estimate.fits() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
