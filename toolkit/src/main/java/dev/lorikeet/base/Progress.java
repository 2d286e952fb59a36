package dev.lorikeet.base;

import java.util.function.BiFunction;

/**
 * A running task that a person can watch: a bar in a notebook, a line in a terminal. Close it when the task ends, well or
 * not; a task closed before its total shows where it stopped.
 */
public interface Progress extends AutoCloseable {

    /**
     * Says how far the task has come.
     *
     * @param done units done so far, of the total given at the start
     * @param detail a few words beside the bar, such as "loss 0.412"; may be empty
     */
    void at(long done, String detail);

    /**
     * Says that the task has come to its end, before its total perhaps, which was only the most that it could take.
     *
     * @param detail as in {@link #at}
     */
    default void complete(String detail) {}

    @Override
    void close();

    /**
     * Starts a task on the display in use: the notebook's if one is attached, else the terminal.
     *
     * @param title what is being done, such as "Loading gpt2"
     * @param total how many units there are
     */
    static Progress start(String title, long total) {
        return Displays.current.apply(title, total);
    }

    /** Shows all tasks started from now on with {@code display}, given a title and a total. */
    static void showOn(BiFunction<String, Long, Progress> display) {
        Displays.current = display;
    }

    /** Shows nothing. */
    static Progress silent(String title, long total) {
        return new Progress() {
            @Override
            public void at(long done, String detail) {}

            @Override
            public void close() {}
        };
    }
}
