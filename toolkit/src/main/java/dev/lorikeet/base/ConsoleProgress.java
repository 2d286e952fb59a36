package dev.lorikeet.base;

import java.io.PrintStream;
import java.util.Locale;

/**
 * A progress line in a terminal, updated in place; if the output is a file or a pipe, one line at the end, so that a log stays
 * short.
 */
final class ConsoleProgress implements Progress {

    private static final int WIDTH = 24;
    private static final long REDRAW_NANOS = 200_000_000;

    private final PrintStream out;
    private final boolean interactive;
    private final String title;
    private final long total;
    private final long started = System.nanoTime();
    private long drawn;
    private long done;
    private String detail = "";
    private boolean closed;

    ConsoleProgress(String title, long total) {
        this(title, total, System.err, System.console() != null);
    }

    ConsoleProgress(String title, long total, PrintStream out, boolean interactive) {
        this.title = title;
        this.total = total;
        this.out = out;
        this.interactive = interactive;
    }

    @Override
    public void at(long done, String detail) {
        this.done = done;
        this.detail = detail;
        if (interactive && System.nanoTime() - drawn > REDRAW_NANOS) {
            drawn = System.nanoTime();
            out.print("\r" + line());
            out.flush();
        }
    }

    @Override
    public void complete(String detail) {
        this.detail = detail;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            out.println((interactive ? "\r" : "") + line());
        }
    }

    private String line() {
        double seconds = (System.nanoTime() - started) / 1e9;
        int filled = total == 0 ? WIDTH : (int) (WIDTH * Math.min(done, total) / total);
        return String.format(
                Locale.ROOT,
                "%s [%s%s] %d/%d %.1f s  %s",
                title,
                "=".repeat(filled),
                " ".repeat(WIDTH - filled),
                done,
                total,
                seconds,
                detail);
    }
}
