package dev.lorikeet.notebook;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.TaskState;
import dev.lorikeet.notebook.view.MimeBundle;
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
    private final long started = System.nanoTime();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile TaskState state;
    private volatile boolean complete;
    /** The state that the output shows; only the clock's thread uses it. */
    private TaskState drawn;

    private Future<?> ticks;

    private NotebookProgress(Kernel kernel, String title, long total) {
        this.output = new CellOutput(kernel);
        this.state = TaskState.start(title, total);
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
    public Progress in(String unit) {
        state = state.in(unit);
        return this;
    }

    @Override
    public void at(long done, String detail) {
        state = state.done(done, detail);
    }

    @Override
    public void complete(String detail) {
        state = state.done(state.done(), detail);
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
        TaskState now = state.at(seconds(), TaskState.Phase.RUNNING);
        if (!closed.get()
                && (drawn == null || !now.sameAs(drawn) || now.seconds() - drawn.seconds() >= STALE_SECONDS)) {
            draw(now);
        }
    }

    private void last() {
        if (drawn != null || seconds() * 1000 >= DELAY_MILLIS) {
            boolean whole = complete || state.done() >= state.total();
            draw(state.at(seconds(), whole ? TaskState.Phase.FINISHED : TaskState.Phase.STOPPED));
        }
    }

    private void draw(TaskState now) {
        output.show(MimeBundle.html(ProgressBar.html(now), ProgressBar.text(now)));
        drawn = now;
    }

    private double seconds() {
        return (System.nanoTime() - started) / 1e9;
    }
}
