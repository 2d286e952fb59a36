package dev.lorikeet.base;

import java.io.PrintStream;

/**
 * A progress line in a terminal, updated in place; if the output is a file or a pipe, one line at the end, so that a log stays
 * short.
 */
final class ConsoleProgress implements Progress {

    private static final int WIDTH = 16;
    private static final long REDRAW_NANOS = 200_000_000;

    private final ConsoleLine line;
    private final boolean interactive;
    private final long started = System.nanoTime();
    private long drawn;
    private TaskState state;
    private boolean complete;
    private boolean closed;

    ConsoleProgress(String title, long total) {
        this(title, total, System.console() != null);
    }

    private ConsoleProgress(String title, long total, boolean interactive) {
        this(title, total, interactive ? ConsoleLine.ofTerminal() : new ConsoleLine(System.err), interactive);
    }

    ConsoleProgress(String title, long total, PrintStream out, boolean interactive) {
        this(title, total, new ConsoleLine(out), interactive);
    }

    ConsoleProgress(String title, long total, ConsoleLine line, boolean interactive) {
        this.state = TaskState.start(title, total);
        this.line = line;
        this.interactive = interactive;
    }

    @Override
    public Progress in(String unit) {
        state = state.in(unit);
        return this;
    }

    @Override
    public void at(long done, String detail) {
        state = state.done(done, detail);
        if (interactive && System.nanoTime() - drawn > REDRAW_NANOS) {
            drawn = System.nanoTime();
            line.draw(text(TaskState.Phase.RUNNING));
        }
    }

    @Override
    public void complete(String detail) {
        state = state.done(state.done(), detail);
        complete = true;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            boolean whole = complete || state.done() >= state.total();
            line.end(text(whole ? TaskState.Phase.FINISHED : TaskState.Phase.STOPPED));
        }
    }

    private String text(TaskState.Phase phase) {
        TaskState now = state.at((System.nanoTime() - started) / 1e9, phase);
        int filled = (int) (WIDTH * now.part());
        String text = now.title() + " [" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + now.numbers();
        return now.detail().isEmpty() ? text : text + " · " + now.detail();
    }
}
