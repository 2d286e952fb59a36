package dev.lorikeet.train.history;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.Tables;
import java.util.List;
import java.util.Locale;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * The result of a learning-rate range test (Smith 2017): the loss of each update while the rate rises.
 *
 * @param name name of the fine-tuning
 * @param rates learning rate of each update, rising
 * @param losses training loss of each update, measured before it
 * @param smoothed exponential moving average of the losses, corrected for its start
 * @param diverged whether the test ended early because the loss diverged
 */
public record LearningRateTest(
        String name, List<Double> rates, List<Double> losses, List<Double> smoothed, boolean diverged)
        implements Renderable {

    /** The first updates say more about their batches than about the rate. */
    private static final int WARM_UP = 5;

    public LearningRateTest {
        rates = List.copyOf(rates);
        losses = List.copyOf(losses);
        smoothed = List.copyOf(smoothed);
        BadArgumentException.unless(!rates.isEmpty(), "rates", "empty", "at least one update");
        BadArgumentException.unless(
                rates.size() == losses.size() && rates.size() == smoothed.size(),
                "losses",
                losses.size(),
                "as many as rates: " + rates.size());
    }

    /**
     * The learning rate to train with: a tenth of {@link #lowest}, which leaves a margin to rates that diverge, rounded to two
     * digits.
     */
    public double suggestion() {
        return Double.parseDouble(String.format(Locale.ROOT, "%.1e", lowest() / 10));
    }

    /** The learning rate at which the smoothed loss is lowest, after the first 5 updates. */
    public double lowest() {
        int best = Math.min(WARM_UP, rates.size() - 1);
        for (int i = best; i < rates.size(); i++) {
            best = smoothed.get(i) < smoothed.get(best) ? i : best;
        }
        return rates.get(best);
    }

    /** The updates as a table: step (from 1), learning rate, loss, smoothed loss. */
    public Table table() {
        Table table = Tables.create(
                "Learning-rate test of " + name,
                IntColumn.create("step"),
                DoubleColumn.create("learning rate"),
                DoubleColumn.create("loss"),
                DoubleColumn.create("smoothed loss"));
        for (int i = 0; i < rates.size(); i++) {
            table.intColumn(0).append(i + 1);
            table.doubleColumn(1).append(rates.get(i));
            table.doubleColumn(2).append(losses.get(i));
            table.doubleColumn(3).append(smoothed.get(i));
        }
        return table;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Learning-rate test of %s: %d updates from %s to %s%s; lowest smoothed loss at %s, suggested learning rate %s",
                name,
                rates.size(),
                Quantities.learningRate(rates.get(0)),
                Quantities.learningRate(rates.get(rates.size() - 1)),
                diverged ? ", where the loss diverged" : "",
                Quantities.learningRate(lowest()),
                Quantities.learningRate(suggestion()));
    }

    @Override
    public String html() {
        return HtmlTable.of()
                .title("Learning-rate test of " + name)
                .row("Suggested learning rate", Quantities.learningRate(suggestion()))
                .row("Lowest smoothed loss at", Quantities.learningRate(lowest()))
                .row(
                        "Tried",
                        Quantities.learningRate(rates.get(0)) + " to "
                                + Quantities.learningRate(rates.get(rates.size() - 1)))
                .row("Updates", String.valueOf(rates.size()))
                .row("Diverged", diverged ? "yes, at the last rate" : "no")
                .caption("Plots.learningRate(…) draws the curve")
                .html();
    }
}
