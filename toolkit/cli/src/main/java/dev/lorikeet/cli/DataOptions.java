package dev.lorikeet.cli;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.Conversations;
import dev.lorikeet.data.Documents;
import dev.lorikeet.data.Splits;
import dev.lorikeet.data.TextData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tech.tablesaw.api.Table;

/** Options of the training data: a file and the format of its rows. */
final class DataOptions {

    private static final String TEXT = "text";

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = TableOptions.FORMATS + ". A language model learns, by the columns that there are, "
                    + "conversations (messages or conversations; instruction, input and output), prompts and completions "
                    + "(prompt, completion), or texts (text).")
    private Path file;

    @Mixin
    private TableOptions tables;

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            description = "Trains a classifier on the labels in this column.")
    private String label;

    @Option(names = "--text-column", paramLabel = "NAME", description = "Column of the texts; \"text\" by default.")
    private String text;

    @Option(
            names = "--chat-column",
            paramLabel = "NAME",
            description = "Column of conversations: JSON messages, or texts in the form of Llama-2 or Alpaca.")
    private String chat;

    @Option(names = "--completion-only", description = "Computes the loss on the answers or completions only.")
    private boolean completionOnly;

    @Option(names = "--packed", description = "Packs several whole texts into a row, to save padding.")
    private boolean packed;

    @Option(names = "--balanced", description = "Takes as many rows of each label as the rarest label has.")
    private boolean balanced;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "Share of the rows for validation; ${DEFAULT-VALUE} by default.")
    private double validation;

    @Option(
            names = "--test",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "Share of the rows for the test after training; ${DEFAULT-VALUE} by default.")
    private double test;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    boolean isLabelled() {
        return label != null;
    }

    Table read() {
        Failures.usageUnless(
                !isLabelled() || chat == null && !completionOnly && !packed,
                spec,
                "--chat-column, --completion-only and --packed are for language models, not for --label-column");
        Failures.usageUnless(isLabelled() || !balanced, spec, "--balanced goes with --label-column");
        return tables.read(file);
    }

    /** Splits labelled texts into training, validation and test. */
    Splits splits(Table table, long seed) {
        BadArgumentException.unless(test >= 0 && test < 1, "--test", test, "a share of at least 0 and below 1");
        TextData all = balanced ? TextData.balanced(table, label) : TextData.of(table, label);
        return all.text(text == null ? TEXT : text).seed(seed).split(1 - validation - test, validation);
    }

    /** Training, validation and test documents of a language model. */
    record DocumentSplits(Documents train, Optional<Documents> validation, Optional<Documents> test) {}

    DocumentSplits documentSplits(Table table, long seed) {
        BadArgumentException.unless(
                validation >= 0 && test >= 0 && validation + test < 1,
                "--validation and --test",
                validation + test,
                "shares that leave something to train on");
        int rows = table.rowCount();
        int forValidation = (int) (rows * validation);
        int forTest = (int) (rows * test);
        List<Integer> order = shuffled(rows, seed);
        int trained = rows - forValidation - forTest;
        Documents train = documents(rows(table, order.subList(0, trained)));
        return new DocumentSplits(
                (packed ? train.packed() : train).shuffled(seed),
                some(table, order.subList(trained, trained + forValidation)),
                some(table, order.subList(trained + forValidation, rows)));
    }

    private static List<Integer> shuffled(int rows, long seed) {
        List<Integer> order = IntStream.range(0, rows).boxed().collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(order, new Random(seed));
        return order;
    }

    private Optional<Documents> some(Table table, List<Integer> rows) {
        return rows.isEmpty() ? Optional.empty() : Optional.of(documents(rows(table, rows)));
    }

    private static Table rows(Table table, List<Integer> rows) {
        return table.rows(rows.stream().mapToInt(Integer::intValue).toArray()).setName(table.name());
    }

    private Documents documents(Table table) {
        Documents all = unlimited(table);
        return completionOnly ? all.completionOnly() : all;
    }

    private Documents unlimited(Table table) {
        if (chat != null) {
            return Documents.of(Conversations.of(table, chat));
        }
        return text == null ? Documents.of(table) : Documents.of(table, text);
    }
}
