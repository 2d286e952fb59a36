package dev.lorikeet.notebook;

import dev.lorikeet.notebook.view.MimeBundle;
import dev.lorikeet.notebook.view.Renderers;
import dev.lorikeet.plot.Chart;
import dev.lorikeet.plot.Plots;
import dev.lorikeet.train.RunDisplay;
import dev.lorikeet.train.history.History;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * A live chart of the losses in the cell's output, from {@value #DELAY_SECONDS} s after the start of the run. It is an SVG as long
 * as the run lasts: JupyterLab draws a Plotly figure once and ignores its updates. At the end the interactive figure takes its
 * place, which is of another type, so that JupyterLab draws it anew.
 */
final class LiveChart implements RunDisplay {

    static final double DELAY_SECONDS = 3;
    private static final double REDRAW_SECONDS = 1;

    /** A line needs two points. */
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
        boolean due = Double.isNaN(drawn) ? now >= DELAY_SECONDS : now - drawn >= REDRAW_SECONDS;
        if (due && (drawing == null || drawing.isDone())) {
            History seen = history.get();
            if (seen.steps().size() >= FEWEST_STEPS) {
                drawn = now;
                drawing = CellOutput.CLOCK.submit(() -> output.show(growing(chart(seen))));
            }
        }
    }

    /** Draws the final chart before it returns, so that it comes before the cell's end. */
    @Override
    public void close() {
        if (!Double.isNaN(drawn)) {
            History whole = latest.get();
            CellOutput.await(CellOutput.CLOCK.submit(() -> output.show(Renderers.chart(chart(whole)))));
            drawn = Double.NaN;
        }
    }

    private static MimeBundle growing(Chart chart) {
        return MimeBundle.html(chart.svg(), chart.toString());
    }

    private Chart chart(History history) {
        return Plots.stepLosses(history).title("Loss of " + run);
    }
}
