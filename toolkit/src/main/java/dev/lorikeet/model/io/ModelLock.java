package dev.lorikeet.model.io;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.StoppedException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread at a time use a model, whose arrays the engine cannot share. Another thread waits for its turn; while a training
 * runs, which may take hours, it is refused instead. A thread may begin a use within its own, as a listener that generates does.
 */
public final class ModelLock {

    /** A use of the model by the thread that began it; closing it ends it. */
    public interface Use extends AutoCloseable {

        @Override
        void close();
    }

    /** How often a waiting thread looks whether a training has begun. */
    private static final long PAUSE_MILLIS = 50;

    private final ReentrantLock lock = new ReentrantLock(true);
    private volatile String occupation;

    /**
     * Begins a use that others wait for.
     *
     * @param model its name, for messages
     * @param activity such as "generating", for messages
     * @throws LorikeetException if another thread trains the model
     * @throws StoppedException if the thread is interrupted while it waits
     */
    Use use(String model, String activity) {
        while (!acquired(model, activity)) {
            String busy = occupation;
            if (busy != null) {
                throw new LorikeetException(
                        ("The model %s is busy: %s, so %s has to wait. Do it when the training has ended, or load the model a "
                                        + "second time")
                                .formatted(model, busy, activity));
            }
        }
        return lock::unlock;
    }

    /** Begins a use as {@link #use} does, that others do not wait for: they are refused until it ends. */
    Use occupy(String model, String activity) {
        Use use = use(model, activity);
        String before = occupation;
        occupation =
                "the thread \"%s\" is %s it".formatted(Thread.currentThread().getName(), activity);
        return () -> {
            occupation = before;
            use.close();
        };
    }

    /**
     * Begins the last use, which waits for a training too.
     *
     * @throws LorikeetException if the thread itself is using the model
     * @throws StoppedException if the thread is interrupted while it waits
     */
    Use close(String model) {
        if (lock.isHeldByCurrentThread()) {
            throw new LorikeetException(
                    "The model " + model + " cannot be closed by a call that is using it; close it after that call");
        }
        while (!acquired(model, "closing")) {
            // Whatever runs ends some time.
        }
        return lock::unlock;
    }

    private boolean acquired(String model, String activity) {
        try {
            return takenAtOnce() || lock.tryLock(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new StoppedException(
                    "%s was stopped while it waited for another thread that uses the model %s; nothing has changed"
                            .formatted(capitalized(activity), model));
        }
    }

    /** Takes the lock if nobody has it or waits for it. An interrupt is for the call itself, which need not wait here. */
    private boolean takenAtOnce() throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        try {
            return lock.tryLock(0, TimeUnit.SECONDS);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String capitalized(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
