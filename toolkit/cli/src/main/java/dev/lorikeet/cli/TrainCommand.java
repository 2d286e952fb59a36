package dev.lorikeet.cli;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.Splits;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.train.CausalTuning;
import dev.lorikeet.train.ClassifierTuning;
import dev.lorikeet.train.Evaluation;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.history.History;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.columns.numbers.NumberColumnFormatter;

/** {@code lorikeet train}. */
@Command(
        name = "train",
        description =
                "Trains an adapter and writes it in PEFT's layout; prints losses and how the model does on the rest of "
                        + "the data. Ctrl-C ends training within a step and saves the adapter.",
        footer = {
            "Examples:",
            "  lorikeet train -m smollm2-135m --data messages.csv --label-column label -o spam",
            "  lorikeet train -m smollm2-135m --data pairs.jsonl --completion-only --epochs 2 -o titles",
            "  lorikeet train -m gpt2 --data notes.txt --rank 8 --quantize nf4 -o notes",
            "",
            LorikeetCommand.MODELS,
            LorikeetCommand.OUTPUT,
            LorikeetCommand.STATUS,
        })
final class TrainCommand implements Callable<Integer> {

    /** Rows of the loss table without a validation split. */
    private static final int LINES = 10;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DataOptions data;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "FOLDER",
            description = "Folder for the adapter; an adapter in it is replaced.")
    private Path out;

    @Mixin
    private LoraOptions lora;

    @Mixin
    private BatchOptions batch;

    @Mixin
    private TuningOptions tuning;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        BadArgumentException.unless(
                !Files.exists(out) || Files.isDirectory(out), "--out", out, "a folder, or a new one");
        Table table = data.read();
        // Both look at the columns, so that a wrong one is told before a model is loaded.
        if (data.isLabelled()) {
            Splits splits = data.splits(table, tuning.seed());
            try (PretrainedModel loaded = model.load()) {
                return classifier(loaded, splits);
            }
        }
        DataOptions.DocumentSplits splits = data.documentSplits(table, tuning.seed());
        try (PretrainedModel loaded = model.load()) {
            return causal(loaded, splits);
        }
    }

    private int classifier(PretrainedModel loaded, Splits splits) {
        Classifier classifier = loaded.classifier(tuning.seed(), splits.labels().toArray(String[]::new));
        LoraAdapter adapter = lora.inject(classifier, tuning.seed());
        ClassifierTuning settings = FineTune.of(classifier).on(splits).batchSize(batch.size());
        batch.lengthIfSet().ifPresent(settings::padTo);
        Evaluation evaluation = Evaluation.of(classifier).batchSize(batch.size());
        return finish(run(settings), adapter, () -> {
            report("Validation", evaluation.on(splits.validation()));
            report("Test", evaluation.on(splits.test()));
        });
    }

    private int causal(PretrainedModel loaded, DataOptions.DocumentSplits splits) {
        int length = batch.length(loaded);
        LoraAdapter adapter = lora.inject(loaded, tuning.seed());
        CausalTuning settings =
                FineTune.of(loaded).on(splits.train()).length(length).batchSize(batch.size());
        splits.validation()
                .map(texts -> texts.length(length).batch(batch.size()))
                .ifPresent(settings::validation);
        return finish(run(settings), adapter, () -> {
            splits.validation()
                    .ifPresent(texts -> report(
                            "Validation",
                            Evaluation.of(loaded).on(texts.length(length).batch(batch.size()))));
            splits.test()
                    .ifPresent(texts -> report(
                            "Test",
                            Evaluation.of(loaded).on(texts.length(length).batch(batch.size()))));
        });
    }

    private <T extends FineTune<T>> TrainingRun run(T settings) {
        return tuning.run(batch.on(settings));
    }

    private int finish(TrainingRun run, LoraAdapter adapter, Runnable evaluation) {
        if (run.steps() > 0) {
            adapter.save(out);
            print(run.history().evaluations().isEmpty() ? log(run) : run.losses());
            results().println(run);
            spec.commandLine().getErr().println(run.memory());
        }
        if (run.interrupted()) {
            return Failures.STOPPED;
        }
        evaluation.run();
        results().println(out + ": " + adapter);
        return 0;
    }

    /** The losses over equal intervals, and over the steps that are left at the end. */
    private static Table log(TrainingRun run) {
        int every = Math.max(1, run.steps() / LINES);
        Table table = run.log(every);
        List<History.StepRecord> rest = run.history().steps().subList(run.steps() / every * every, run.steps());
        if (!rest.isEmpty()) {
            History.StepRecord last = rest.get(rest.size() - 1);
            table.intColumn(0).append(run.steps());
            table.doubleColumn(1).append(last.epoch());
            table.doubleColumn(2)
                    .append(rest.stream()
                            .mapToDouble(History.StepRecord::loss)
                            .average()
                            .orElseThrow());
            table.doubleColumn(3).append(last.learningRate());
        }
        return table;
    }

    private void print(Table table) {
        for (Column<?> column : table.columns()) {
            if (column instanceof DoubleColumn numbers) {
                String form = column.name().equals("learning rate") ? "0.###E0" : "0.000";
                numbers.setPrintFormatter(new NumberColumnFormatter(
                        new DecimalFormat(form, DecimalFormatSymbols.getInstance(Locale.ROOT))));
            }
        }
        results().println(table.printAll());
    }

    private void report(String part, Object score) {
        results().println(part + ": " + score);
        results().flush();
    }

    private PrintWriter results() {
        return spec.commandLine().getOut();
    }
}
