package dev.lorikeet.train.score;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;

/** Scores on the training, validation and test splits of a data set. */
public record Accuracies(Score train, Score validation, Score test) implements Renderable {

    @Override
    public String toString() {
        return "Training accuracy:   %s%nValidation accuracy: %s%nTest accuracy:       %s"
                .formatted(percent(train), percent(validation), percent(test));
    }

    @Override
    public String html() {
        HtmlTable table = HtmlTable.of("", "Accuracy", "Loss", "Examples");
        row(table, "Training", train);
        row(table, "Validation", validation);
        row(table, "Test", test);
        return table.html();
    }

    private static void row(HtmlTable table, String name, Score score) {
        table.row(name, percent(score), score.examples() == 0 ? null : score.loss(), score.examples());
    }

    private static String percent(Score score) {
        return score.examples() == 0 ? "no examples" : Quantities.percent(score.accuracy());
    }
}
