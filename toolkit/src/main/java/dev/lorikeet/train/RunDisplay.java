package dev.lorikeet.train;

import java.util.function.Function;
import java.util.function.Supplier;

/** Shows training runs while they last, beside their progress bars. Close it when the run ends. */
public interface RunDisplay extends AutoCloseable {

    /**
     * Says that an update or an evaluation was done.
     *
     * @param history what happened so far; to be asked for before this call returns, or in {@link #close}
     */
    void at(Supplier<History> history);

    @Override
    void close();

    /** Shows all runs started from now on, but for quiet ones, with {@code display}, given the name of the run. */
    static void showOn(Function<String, RunDisplay> display) {
        RunDisplays.current = display;
    }

    /** Shows nothing, as outside a notebook. */
    static RunDisplay none(String run) {
        return new RunDisplay() {
            @Override
            public void at(Supplier<History> history) {}

            @Override
            public void close() {}
        };
    }
}
