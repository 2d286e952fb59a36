package dev.lorikeet.notebook;

import dev.lorikeet.plot.Chart;
import dev.lorikeet.plot.Plots;
import dev.lorikeet.train.History;
import dev.lorikeet.train.RunDisplay;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * The losses of a run as a chart that grows in the cell's output, once the run has lived for {@value #PATIENCE_SECONDS} s. While
 * it grows it is a Plotly figure alone; the picture, which takes longer, comes at the end and stays in the saved notebook.
 */
final class LiveChart implements RunDisplay {

    static final double PATIENCE_SECONDS = 3;
    private static final double REDRAW_SECONDS = 1;

    /** A line needs two. */
    private static final int FEWEST_STEPS = 2;

    private final CellOutput output;
    private final String run;
    private final long started = System.nanoTime();
    private double drawn = Double.NaN;
    private Supplier<History> latest;
    private Future<?> drawing;

    LiveChart(Kernel kernel, String run) {
        this.output = new CellOutput(kernel);
        this.run = run;
    }

    @Override
    public void at(Supplier<History> history) {
        latest = history;
        double now = (System.nanoTime() - started) / 1e9;
        boolean due = Double.isNaN(drawn) ? now >= PATIENCE_SECONDS : now - drawn >= REDRAW_SECONDS;
        if (due && (drawing == null || drawing.isDone())) {
            History seen = history.get();
            if (seen.steps().size() >= FEWEST_STEPS) {
                drawn = now;
                drawing = CellOutput.CLOCK.submit(() -> output.show(Renderers.figure(chart(seen))));
            }
        }
    }

    /** Draws the whole before it returns, so that it comes before the cell's end. */
    @Override
    public void close() {
        if (!Double.isNaN(drawn)) {
            History whole = latest.get();
            CellOutput.await(CellOutput.CLOCK.submit(() -> output.show(Renderers.chart(chart(whole)))));
            drawn = Double.NaN;
        }
    }

    private Chart chart(History history) {
        return Plots.stepLosses(history).title("Loss of " + run);
    }
}
