package dev.lorikeet.cli;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.CausalModel;
import dev.lorikeet.model.Classifier;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lorikeet classify}. */
@Command(name = "classify", description = "Classifies texts with an adapter that train --label-column wrote.")
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

    @Parameters(arity = "1..*", paramLabel = "TEXT", description = "The texts.")
    private List<String> texts;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        List<String> classes = labels.isEmpty() ? Lora.labels(adapter) : labels;
        BadArgumentException.unless(
                !classes.isEmpty(), "--labels", "not set", "labels, since the files of " + adapter + " say none");
        PrintWriter out = spec.commandLine().getOut();
        try (CausalModel loaded = model.load()) {
            Classifier classifier = loaded.classifier(classes.toArray(String[]::new));
            Lora.load(adapter, classifier);
            for (String text : texts) {
                StoppedException.check("Classifying was stopped");
                out.println(classifier.classify(text));
                out.flush();
            }
        }
    }
}
