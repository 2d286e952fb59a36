package dev.lorikeet.base;

import java.util.function.BiFunction;

/**
 * The progress of a running task: a bar in a notebook, a line in a terminal. Close it when the task ends or fails; a task closed
 * before its total shows where it stopped.
 */
public interface Progress extends AutoCloseable {

    /** The unit of a task that counts bytes, which are shown in KiB, MiB or GiB. */
    String BYTES = "bytes";

    /**
     * Updates the display.
     *
     * @param done units done so far, of the total given at the start
     * @param detail a few words beside the bar, such as "loss 0.412"; may be empty
     */
    void at(long done, String detail);

    /**
     * Marks the task as complete, even below its total, which may have been an upper bound.
     *
     * @param detail as in {@link #at}
     */
    default void complete(String detail) {}

    /**
     * Names what is counted.
     *
     * @param unit in the plural, such as "steps", or {@link #BYTES}
     * @return this progress
     */
    default Progress in(String unit) {
        return this;
    }

    @Override
    void close();

    /**
     * Starts a task on the current display: the notebook's if one is attached, else the terminal.
     *
     * @param title what is being done, such as "Loading gpt2"
     * @param total how many units there are
     */
    static Progress start(String title, long total) {
        return Displays.current.apply(title, total);
    }

    /** Shows all tasks started from now on with {@code display}, which makes a progress from a title and a total. */
    static void showOn(BiFunction<String, Long, Progress> display) {
        Displays.current = display;
    }

    /** A progress that shows nothing; a display for {@link #showOn}. */
    static Progress silent(String title, long total) {
        return new Progress() {
            @Override
            public void at(long done, String detail) {}

            @Override
            public void close() {}
        };
    }
}
