package dev.lorikeet.hub;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.Quantities;

/** Progress bar of a download with its speed; a small file gets none. */
final class DownloadProgress implements AutoCloseable {

    private static final long SMALL = 1_000_000;
    private static final long REDRAW_NANOS = 100_000_000;

    private final String title;
    private Progress progress;
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
            progress = Progress.start(title, total).in(Progress.BYTES);
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
        progress.at(done, what);
    }

    private String speed() {
        double seconds = Math.max(1e-3, (System.nanoTime() - started) / 1e9);
        return Quantities.bytes((done - startedAt) / seconds) + "/s";
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
