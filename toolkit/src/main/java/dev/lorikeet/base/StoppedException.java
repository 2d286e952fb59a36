package dev.lorikeet.base;

/** A long call was interrupted and stopped cleanly; the objects that it worked on stay usable. */
public final class StoppedException extends LorikeetException {

    public StoppedException(String message) {
        super(message);
    }

    /**
     * Throws if the current thread was interrupted, as by a notebook's stop button, and clears the flag.
     *
     * @param state what was stopped and in what state it is left, such as "Loading stopped; nothing was changed"
     */
    public static void check(String state) {
        if (Thread.interrupted()) {
            throw new StoppedException(state);
        }
    }
}
