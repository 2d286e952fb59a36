package dev.lorikeet.cli;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** {@code lorikeet classify}. */
@Command(
        name = "classify",
        description = "Classifies texts with an adapter that train --label-column wrote.",
        footer = {
            "Examples:",
            "  lorikeet classify -m smollm2-135m --adapter spam \"You have won a prize\"",
            "  lorikeet classify -m smollm2-135m --adapter spam --data new.csv --text-column message",
            "  cut -f 2 messages.tsv | lorikeet classify -m smollm2-135m --adapter spam",
            "",
            LorikeetCommand.MODELS,
            LorikeetCommand.OUTPUT,
            LorikeetCommand.STATUS,
        })
final class ClassifyCommand implements Runnable {

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--adapter",
            required = true,
            paramLabel = "FOLDER",
            description = "The classifier's adapter, in PEFT's layout.")
    private Path adapter;

    @Option(
            names = "--labels",
            split = ",",
            paramLabel = "LABEL",
            description =
                    "Its labels in the order of the classes, where its files do not say them, as PEFT's own do not.")
    private List<String> labels = List.of();

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = TableOptions.FORMATS + " with the texts, in place of TEXT.")
    private Path data;

    @Mixin
    private TableOptions tables;

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            defaultValue = "text",
            description = "Column of the texts in the file; \"${DEFAULT-VALUE}\" by default.")
    private String textColumn;

    @Parameters(
            arity = "0..*",
            paramLabel = "TEXT",
            description = "The texts; without any, or with -, each line of the standard input is one.")
    private List<String> texts = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Failures.usageUnless(data == null || texts.isEmpty(), spec, "--data goes without TEXT");
        BadArgumentException.unless(
                !labels.isEmpty() || !Lora.labels(adapter).isEmpty(),
                "--labels",
                "not set",
                "labels, since the files of " + adapter + " say none");
        List<String> all = all();
        PrintWriter out = spec.commandLine().getOut();
        try (PretrainedModel loaded = model.load()) {
            Classifier classifier = classifier(loaded);
            for (String text : all) {
                StoppedException.check("Classifying was stopped");
                out.println(classifier.classify(text));
                out.flush();
            }
        }
    }

    private Classifier classifier(PretrainedModel base) {
        if (labels.isEmpty()) {
            return Models.classifier(adapter.toString(), base);
        }
        Classifier classifier = base.classifier(labels);
        Lora.load(adapter, classifier);
        return classifier;
    }

    /** Reads the texts before the model is loaded, so that a wrong file or column is told at once. */
    private List<String> all() {
        if (data != null) {
            Table table = tables.read(data);
            if (!table.columnNames().contains(textColumn)) {
                throw new UnknownNameException("column", textColumn, table.columnNames());
            }
            Column<?> column = table.column(textColumn);
            return IntStream.range(0, column.size()).mapToObj(column::getString).toList();
        }
        if (texts.isEmpty() || texts.equals(List.of(Texts.STANDARD_INPUT))) {
            return Texts.standardInput().lines().filter(line -> !line.isBlank()).toList();
        }
        return texts;
    }
}
