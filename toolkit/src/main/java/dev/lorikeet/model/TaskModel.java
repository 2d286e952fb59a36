package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.block.FiniteCheck;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.input.ModelInput;
import dev.lorikeet.model.input.StateRows;
import dev.lorikeet.model.input.TextRow;
import dev.lorikeet.model.io.FolderExport;
import dev.lorikeet.model.io.GgufType;
import dev.lorikeet.model.io.LoadedModel;
import dev.lorikeet.model.io.SavedModel;
import dev.lorikeet.model.io.TaskHead;
import dev.lorikeet.model.spec.HeadTask;
import dev.lorikeet.tensor.DType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** A model whose head was made for a task. */
public abstract sealed class TaskModel extends LanguageModel permits Classifier, Regressor, Tagger {

    private final List<String> labels;

    TaskModel(LoadedModel parts, Adapters adapters, List<String> labels) {
        super(parts, adapters);
        this.labels = List.copyOf(labels);
    }

    /** The names of what the head gives, in the order of its rows. */
    public final List<String> labels() {
        return labels;
    }

    /** What the head says. */
    public abstract HeadTask task();

    /** The states that the head reads, as its files name them; empty where they are the usual ones. */
    Optional<String> savedPooling() {
        return Optional.empty();
    }

    @Override
    SavedModel write(Path folder, DType dtype, long largestFile) {
        return new FolderExport(parts(), activeNames(), dtype, largestFile, head()).write(folder);
    }

    @Override
    final Optional<TaskHead> head() {
        return Optional.of(new TaskHead(task(), labels, savedPooling()));
    }

    /** Throws, since GGUF has no place for such a head; {@link #save(Path)} writes a folder instead. */
    @Override
    public SavedModel saveGguf(Path file, GgufType type) {
        throw new LorikeetException(("A GGUF file cannot hold a %1$s: the format has no place for a head with labels. "
                        + "Save a folder with %1$s.%2$ssave(\"folder\") and load it with Models.%1$s(\"folder\")")
                .formatted(task().model(), adapters().in(Adapter.State.ACTIVE).isEmpty() ? "" : "merge()."));
    }

    /** Fills a row of ids up to a length. */
    int[] padded(int[] ids, int length) {
        return parts().padded(ids, length);
    }

    /** Texts as rows of tokens, each cut to a length; one padding token for a text without any. */
    List<TextRow> rows(List<String> texts, int longest) {
        return texts.stream()
                .map(text -> tokenizer().encodeCut(BadArgumentException.required(text, "a text"), longest))
                .map(ids -> new TextRow(ids.length == 0 ? new int[] {padId()} : ids, null))
                .toList();
    }

    /**
     * Pairs of texts as rows of tokens, each cut to a length.
     *
     * @throws LorikeetException if the model is no encoder
     */
    List<TextRow> rows(List<String> first, List<String> second, int longest) {
        BadArgumentException.required(first, "first texts");
        BadArgumentException.required(second, "second texts");
        BadArgumentException.unless(
                first.size() == second.size(), "second texts", second.size(), "as many as first ones, " + first.size());
        checkPairs();
        return IntStream.range(0, first.size())
                .mapToObj(i -> tokenizer()
                        .encodePair(
                                BadArgumentException.required(first.get(i), "a text"),
                                BadArgumentException.required(second.get(i), "a text"),
                                longest))
                .map(pair -> new TextRow(pair.ids(), pair.segmentIds()))
                .toList();
    }

    /**
     * Checks that it reads two texts in a row.
     *
     * @throws LorikeetException if the model is no encoder
     */
    public final void checkPairs() {
        if (!config().isEncoder()) {
            throw new LorikeetException(
                    "%s (%s) reads one text at a time; only encoders read pairs of texts. Write both into one text for it"
                            .formatted(name(), config().family()));
        }
    }

    /** What is shown of two texts that were read together. */
    public static String together(String first, String second) {
        return first + " | " + second;
    }

    static List<String> together(List<String> first, List<String> second) {
        return IntStream.range(0, first.size())
                .mapToObj(i -> together(first.get(i), second.get(i)))
                .toList();
    }

    static List<String> column(Table table, String name) {
        if (!table.containsColumn(name)) {
            throw new UnknownNameException("column", name, table.columnNames());
        }
        Column<?> column = table.column(name);
        return IntStream.range(0, column.size()).mapToObj(column::getString).toList();
    }

    /**
     * What the head gives, a row for each state.
     *
     * @param rows of the states in the flattened (batch · time), or of the texts where their means are taken
     */
    final float[][] outputs(ModelInput input, long... rows) {
        float[] all;
        try (NDManager scope = manager().newSubManager()) {
            StateRows states = StateRows.of(input, rows);
            ForwardContext context = states.in(input.context(scope, false), scope);
            NDArray hidden = transformer().hidden(ids(scope, input.ids()), context);
            all = transformer()
                    .logits(hidden, states.range(scope, 0, rows.length), context)
                    .toFloatArray();
        }
        float[][] outputs = new float[rows.length][];
        Arrays.setAll(outputs, i -> Arrays.copyOfRange(all, i * labels.size(), (i + 1) * labels.size()));
        return outputs;
    }

    /** @throws dev.lorikeet.base.NonFiniteException if one of them is NaN or infinite */
    final void checkFinite(float[] outputs, String text) {
        FiniteCheck.logits(
                outputs, transformer(), () -> "The logits of %s for the text \"%s\"".formatted(name(), text));
    }
}
