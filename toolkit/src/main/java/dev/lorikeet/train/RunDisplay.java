package dev.lorikeet.train;

import dev.lorikeet.train.history.History;
import java.util.function.Function;
import java.util.function.Supplier;

/** Displays a training run while it lasts, next to its progress bar. Close it when the run ends. */
public interface RunDisplay extends AutoCloseable {

    /**
     * Called after each update or evaluation.
     *
     * @param history gives the history so far; call it before this method returns, or in {@link #close}
     */
    void at(Supplier<History> history);

    @Override
    void close();

    /**
     * Sets the display of all later runs that are not quiet.
     *
     * @param display creates a display, given the name of the run
     */
    static void showOn(Function<String, RunDisplay> display) {
        RunDisplays.current = display;
    }

    /** A display that shows nothing, as outside a notebook. */
    static RunDisplay none(String run) {
        return new RunDisplay() {
            @Override
            public void at(Supplier<History> history) {}

            @Override
            public void close() {}
        };
    }
}
