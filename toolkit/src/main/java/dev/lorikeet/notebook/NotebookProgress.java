package dev.lorikeet.notebook;

import dev.lorikeet.base.Progress;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A progress bar in the output of the cell that started the task, from {@value #DELAY_MILLIS} ms after its start. Its clock
 * also advances during a long step.
 */
final class NotebookProgress implements Progress {

    static final long DELAY_MILLIS = 300;
    private static final long REDRAW_MILLIS = 200;
    private static final double STALE_SECONDS = 1;

    /** The name of the method that JShell wraps a cell's statements in. */
    private static final String JSHELL = "do_it$";

    private final CellOutput output;
    private final String title;
    private final long total;
    private final long started = System.nanoTime();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile ProgressBar.BarState state;
    private volatile boolean complete;
    /** The state that the output shows; only the clock's thread uses it. */
    private ProgressBar.BarState drawn;

    private Future<?> ticks;

    private NotebookProgress(Kernel kernel, String title, long total) {
        this.output = new CellOutput(kernel);
        this.title = title;
        this.total = total;
        this.state = new ProgressBar.BarState(title, 0, total, "", 0, ProgressBar.Phase.RUNNING);
    }

    static Progress start(Kernel kernel, String title, long total) {
        NotebookProgress progress = new NotebookProgress(kernel, title, total);
        boolean ofCell = onCellThread();
        if (ofCell) {
            // If an interrupt ends the cell before the task, the task prints its last lines later.
            LatePrints.belongTo(kernel.cell());
        }
        progress.ticks = CellOutput.CLOCK.scheduleWithFixedDelay(
                progress::tick, ofCell ? DELAY_MILLIS : 0, REDRAW_MILLIS, TimeUnit.MILLISECONDS);
        return progress;
    }

    /** Tells whether output is possible: a task of another thread may outlive its cell, which then accepts no new output. */
    private static boolean onCellThread() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals(JSHELL)));
    }

    @Override
    public void at(long done, String detail) {
        state = new ProgressBar.BarState(title, done, total, detail, 0, ProgressBar.Phase.RUNNING);
    }

    @Override
    public void complete(String detail) {
        state = new ProgressBar.BarState(title, state.done(), total, detail, 0, ProgressBar.Phase.RUNNING);
        complete = true;
    }

    /** Draws the final state before it returns, so that it comes before the cell's end. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            ticks.cancel(false);
            CellOutput.await(CellOutput.CLOCK.submit(this::last));
        }
    }

    private void tick() {
        ProgressBar.BarState now = state.at(seconds(), ProgressBar.Phase.RUNNING);
        if (!closed.get()
                && (drawn == null || !now.sameAs(drawn) || now.seconds() - drawn.seconds() >= STALE_SECONDS)) {
            draw(now);
        }
    }

    private void last() {
        if (drawn != null || seconds() * 1000 >= DELAY_MILLIS) {
            boolean whole = complete || state.done() >= total;
            draw(state.at(seconds(), whole ? ProgressBar.Phase.FINISHED : ProgressBar.Phase.STOPPED));
        }
    }

    private void draw(ProgressBar.BarState now) {
        output.show(MimeBundle.html(ProgressBar.html(now), ProgressBar.text(now)));
        drawn = now;
    }

    private double seconds() {
        return (System.nanoTime() - started) / 1e9;
    }
}
