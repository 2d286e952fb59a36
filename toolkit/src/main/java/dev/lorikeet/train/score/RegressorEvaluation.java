package dev.lorikeet.train.score;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Tables;
import dev.lorikeet.data.number.ScoredTexts;
import dev.lorikeet.model.Predictions;
import dev.lorikeet.model.Regressor;
import dev.lorikeet.model.TaskModel;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Evaluates a regressor on texts whose numbers are known. */
public final class RegressorEvaluation {

    private final Regressor model;

    public RegressorEvaluation(Regressor model) {
        this.model = BadArgumentException.required(model, "model");
    }

    /**
     * Computes how near the numbers are.
     *
     * @throws BadArgumentException if there are no texts
     * @throws dev.lorikeet.base.StoppedException if interrupted
     */
    public RegressionScore on(ScoredTexts data) {
        BadArgumentException.unless(data.size() > 0, "texts", data, "at least one text");
        return RegressionScore.of(data.numbers(), predicted(data));
    }

    private double[] predicted(ScoredTexts data) {
        return data.seconds().isEmpty() ? model.predict(data.texts()) : model.predict(data.texts(), data.seconds());
    }

    /**
     * Lists the texts with their numbers, the worst prediction first.
     *
     * @return the columns "text", the model's label, and "predicted"
     */
    public Table mistakes(ScoredTexts data) {
        double[] expected = data.numbers();
        double[] predicted = predicted(data);
        int[] order = IntStream.range(0, expected.length)
                .boxed()
                .sorted(Comparator.comparingDouble(row -> -Math.abs(expected[row] - predicted[row])))
                .mapToInt(Integer::intValue)
                .toArray();
        return Tables.create(
                "%,d texts, the worst prediction first".formatted(expected.length),
                StringColumn.create(
                        "text",
                        Arrays.stream(order).mapToObj(row -> shown(data, row)).toList()),
                column(model.labels().get(0), order, expected),
                column(Predictions.PREDICTED, order, predicted));
    }

    private static String shown(ScoredTexts data, int row) {
        String text = data.texts().get(row);
        return data.seconds().isEmpty()
                ? text
                : TaskModel.together(text, data.seconds().get(row));
    }

    private static DoubleColumn column(String name, int[] order, double... values) {
        return DoubleColumn.create(
                name, Arrays.stream(order).mapToDouble(row -> values[row]).toArray());
    }

    @Override
    public String toString() {
        return "Evaluation of " + model.name();
    }
}
