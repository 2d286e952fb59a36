package dev.lorikeet.cli;

import java.io.PrintWriter;
import java.util.Optional;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code lorikeet}, the parent of all commands. */
@Command(
        name = "lorikeet",
        description = "LoRA fine-tuning of GPT-2 and Llama models.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = LorikeetCommand.Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%n",
        footer = {
            "Examples:",
            "  lorikeet train -m smollm2-135m --data messages.csv --label-column label -o spam",
            "  lorikeet classify -m smollm2-135m --adapter spam \"You have won a prize\"",
            "",
            LorikeetCommand.MODELS,
            LorikeetCommand.OUTPUT,
            LorikeetCommand.STATUS,
        },
        subcommands = {
            TrainCommand.class,
            GenerateCommand.class,
            ClassifyCommand.class,
            MergeCommand.class,
            InspectCommand.class,
            MemoryCommand.class,
            SparkJarsCommand.class,
            HelpCommand.class,
            GenerateCompletion.class,
        })
final class LorikeetCommand {

    static final String MODELS =
            "A model is smollm2-135m, gpt2, gpt2-medium, gpt2-large, gpt2-xl, owner/name of the Hugging Face hub, a folder in "
                    + "its layout, or a .gguf file. HF_HOME, HF_HUB_OFFLINE, HF_TOKEN etc. work as in Python.";
    static final String OUTPUT = "Results go to the standard output, progress and notes to the standard error.";
    static final String STATUS = "Exit status: 0 done, 1 failed or does not fit, 2 not understood, 130 stopped.";

    @Option(
            names = "--trace",
            scope = ScopeType.INHERIT,
            order = Integer.MAX_VALUE,
            description = "Print the stack trace of an error.")
    private boolean trace;

    boolean traces() {
        return trace;
    }

    /**
     * Creates the command line.
     *
     * @param results output for results
     * @param errors output for errors
     */
    static CommandLine line(PrintWriter results, PrintWriter errors) {
        LorikeetCommand command = new LorikeetCommand();
        Failures failures = new Failures(command::traces);
        return new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(results)
                .setErr(errors)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    /** Reads the version of the jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = LorikeetCommand.class.getPackage().getImplementationVersion();
            return new String[] {"lorikeet " + Optional.ofNullable(version).orElse("(not from a jar)")};
        }
    }
}
