package dev.lorikeet.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lorikeet inspect}. */
@Command(
        name = "inspect",
        description =
                "Lists the tensors and metadata of a safetensors or GGUF file, a model folder or an adapter. Reads headers only.",
        footer = {
            "Examples:",
            "  lorikeet inspect spam",
            "  lorikeet inspect model.gguf",
            "",
            LorikeetCommand.MODELS,
            LorikeetCommand.OUTPUT,
            LorikeetCommand.STATUS,
        })
final class InspectCommand implements Runnable {

    @Parameters(paramLabel = "PATH", description = "The file or folder.")
    private Path path;

    @Option(names = "--json", description = "Prints everything as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        FileReport report = FileReport.of(path);
        spec.commandLine().getOut().println(json ? report.json() : report);
    }
}
