package dev.lorikeet.model;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Tables;
import dev.lorikeet.model.input.ModelInput;
import dev.lorikeet.model.input.TextBatches;
import dev.lorikeet.model.input.TextRow;
import dev.lorikeet.model.io.LoadedModel;
import dev.lorikeet.model.io.ModelLock;
import dev.lorikeet.model.io.NewHead;
import dev.lorikeet.model.io.TaskHead;
import dev.lorikeet.model.io.WeightSource;
import dev.lorikeet.model.spec.HeadTask;
import java.util.Collections;
import java.util.List;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A model that gives a text a number, such as stars or a similarity. */
public final class Regressor extends TaskModel {

    private Regressor(LoadedModel parts, Adapters adapters, List<String> labels) {
        super(parts, adapters, labels);
    }

    /** Makes a regressor with a new head. */
    static Regressor on(LoadedModel parts, Adapters adapters, String label, long seed) {
        NewHead.drawn(parts, HeadTask.NUMBER, 1, seed);
        return new Regressor(parts, adapters, List.of(label));
    }

    /** Makes a regressor with a head that was trained already, and freezes it as all loaded models are. */
    static Regressor of(LoadedModel parts, WeightSource source, TaskHead head) {
        NewHead.read(parts, source, head);
        Regressor regressor = new Regressor(parts, new Adapters(), head.labels());
        regressor.freeze(true);
        return regressor;
    }

    @Override
    public HeadTask task() {
        return HeadTask.NUMBER;
    }

    @Override
    public Regressor merge() {
        mergeAdapters();
        return this;
    }

    /** The number of one text, cut to the model's context. */
    public double predict(String text) {
        return predict(List.of(BadArgumentException.required(text, "text")))[0];
    }

    /**
     * The numbers of texts, each cut to the model's context; an empty text counts as one padding token.
     *
     * @return in the order of the texts
     * @throws dev.lorikeet.base.StoppedException if the thread is interrupted
     * @throws dev.lorikeet.base.NonFiniteException if a number is NaN or infinite
     */
    public double[] predict(List<String> texts) {
        BadArgumentException.required(texts, "texts");
        try (ModelLock.Use use = use("predicting")) {
            return predicted(texts, rows(texts, config().contextLength()));
        }
    }

    /**
     * The number of two texts that are read together, such as a question and a passage, cut to the model's context.
     *
     * @throws dev.lorikeet.base.LorikeetException if the model is no encoder
     */
    public double predict(String text, String second) {
        return predict(
                List.of(BadArgumentException.required(text, "text")),
                List.of(BadArgumentException.required(second, "second")))[0];
    }

    /** The numbers of pairs of texts, as {@link #predict(String, String)} gives them, in batches of similar length. */
    public double[] predict(List<String> texts, List<String> seconds) {
        try (ModelLock.Use use = use("predicting")) {
            List<TextRow> rows = rows(texts, seconds, config().contextLength());
            return predicted(together(texts, seconds), rows);
        }
    }

    /**
     * Sorts texts by the number that each has together with a question, as a cross-encoder does: the greatest first.
     *
     * @return the columns "text" and the model's label
     */
    public Table rank(String question, List<String> texts) {
        BadArgumentException.required(texts, "texts");
        double[] numbers = predict(Collections.nCopies(texts.size(), question), texts);
        Table ranked = Tables.create(
                question, StringColumn.create("text", texts), DoubleColumn.create(labels().get(0), numbers));
        return ranked.sortDescendingOn(labels().get(0));
    }

    private double[] predicted(List<String> texts, List<TextRow> rows) {
        double[] numbers = new double[texts.size()];
        TextBatches.of("Predicting", padId()).each(rows, batch -> {
            float[][] outputs = outputs(
                    input(batch.ids(), batch.lengths(), batch.tokenTypes()),
                    rows(batch.lengths(), batch.ids()[0].length));
            for (int i = 0; i < outputs.length; i++) {
                int number = batch.numbers().get(i);
                checkFinite(outputs[i], texts.get(number));
                numbers[number] = outputs[i][0];
            }
        });
        return numbers;
    }

    /**
     * The numbers of the texts in a column of a table; see {@link #predict(List)}.
     *
     * @return a copy of the table with the column "predicted" added
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column
     */
    public Table predict(Table table, String textColumn) {
        double[] numbers = predict(column(table, textColumn));
        return table.copy().addColumns(DoubleColumn.create(Predictions.PREDICTED, numbers));
    }

    /** The numbers of the pairs of texts in two columns of a table; see {@link #predict(Table, String)}. */
    public Table predict(Table table, String textColumn, String secondColumn) {
        double[] numbers = predict(column(table, textColumn), column(table, secondColumn));
        return table.copy().addColumns(DoubleColumn.create(Predictions.PREDICTED, numbers));
    }

    /**
     * What a pass over padded rows reads.
     *
     * @param lengths real tokens of each row
     */
    public ModelInput input(int[][] ids, int[] lengths) {
        return input(ids, lengths, null);
    }

    /** What a pass over padded rows reads, with the types of the tokens of two texts in a row; null where each row is one text. */
    public ModelInput input(int[][] ids, int[] lengths, int[][] tokenTypes) {
        return pooled().input(ids, lengths, tokenTypes);
    }

    /**
     * The states that give the numbers, as row numbers of the flattened (batch · time), or of the texts where their mean is.
     *
     * @param lengths real tokens of each row
     * @param time tokens of a row, padding included
     */
    public long[] rows(int[] lengths, long time) {
        return pooled().rows(lengths, time);
    }

    private PooledRows pooled() {
        return new PooledRows(config(), PooledRows.usual(config()));
    }
}
