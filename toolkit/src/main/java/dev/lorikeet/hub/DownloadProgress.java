package dev.lorikeet.hub;

import dev.lorikeet.base.Progress;
import java.util.Locale;

/** Shows how far a download has come, and how fast; a small file needs no bar. */
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

    /** The size of the whole, in bytes, as soon as it is known. */
    void expect(long total) {
        if (progress == null && total >= SMALL) {
            this.total = total;
            progress = Progress.start(title, total);
        }
    }

    /** Bytes from here on are what the speed counts. */
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

    /** Says what is done or waited for at present instead of the speed. */
    void says(long done, String what) {
        this.done = done;
        if (progress != null) {
            draw(what);
        }
    }

    private void draw(String what) {
        drawn = System.nanoTime();
        progress.at(done, amount() + ", " + what);
    }

    /** Such as "312 of 548 MB". */
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

    /** In the unit of {@code total}, with a digit after the point where the whole is small. */
    private static String bytes(long bytes, long total) {
        boolean giga = total >= 10_000_000_000L;
        String format = giga || total < 10_000_000 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, format, bytes / (giga ? 1e9 : 1e6));
    }

    /** Draws the last state, so that a bar that stops shows where. */
    @Override
    public void close() {
        if (progress != null) {
            draw(speed());
            progress.close();
        }
    }
}
