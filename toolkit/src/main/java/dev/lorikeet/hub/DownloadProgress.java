package dev.lorikeet.hub;

import dev.lorikeet.base.Progress;
import java.util.Locale;

/** Progress bar of a download with its speed; a small file gets none. */
final class DownloadProgress implements AutoCloseable {

    private static final long SMALL = 1_000_000;
    private static final long REDRAW_NANOS = 100_000_000;

    private final String title;
    private Progress progress;
    private long total;
    private long done;
    private long startedAt;
    private long started = System.nanoTime();
    private long drawn;

    DownloadProgress(String title) {
        this.title = title;
    }

    /** Sets the size of the file in bytes, as soon as it is known. */
    void expect(long total) {
        if (progress == null && total >= SMALL) {
            this.total = total;
            progress = Progress.start(title, total);
        }
    }

    /** Starts to count the speed from {@code done} bytes on. */
    void start(long done) {
        startedAt = done;
        started = System.nanoTime();
        this.done = done;
    }

    void at(long done) {
        this.done = done;
        if (progress != null && System.nanoTime() - drawn > REDRAW_NANOS) {
            draw(speed());
        }
    }

    /** Shows what is being done or waited for in place of the speed. */
    void status(long done, String what) {
        this.done = done;
        if (progress != null) {
            draw(what);
        }
    }

    private void draw(String what) {
        drawn = System.nanoTime();
        progress.at(done, amount() + ", " + what);
    }

    /** A text such as "312 of 548 MB". */
    private String amount() {
        return total == 0 ? size(done) : bytes(done, total) + " of " + size(total);
    }

    private String speed() {
        double seconds = Math.max(1e-3, (System.nanoTime() - started) / 1e9);
        return String.format(Locale.ROOT, "%.1f MB/s", (done - startedAt) / 1e6 / seconds);
    }

    private static String size(long bytes) {
        return bytes(bytes, bytes) + (bytes < 10_000_000_000L ? " MB" : " GB");
    }

    /** Formats in the unit of {@code total}, with a decimal if the whole is small. */
    private static String bytes(long bytes, long total) {
        boolean giga = total >= 10_000_000_000L;
        String format = giga || total < 10_000_000 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, format, bytes / (giga ? 1e9 : 1e6));
    }

    /** Draws the last state, so that a stopped bar shows where it stopped. */
    @Override
    public void close() {
        if (progress != null) {
            draw(speed());
            progress.close();
        }
    }
}
