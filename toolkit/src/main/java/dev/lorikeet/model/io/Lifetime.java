package dev.lorikeet.model.io;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.text.Tokenizer;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The native memory of one model. It goes when {@link #close} is called or, as with a notebook's cell run again, when
 * nothing refers to it any more.
 */
public final class Lifetime {

    private static final Cleaner CLEANER = Cleaner.create();
    private static final AtomicInteger OPEN = new AtomicInteger();

    /** How long after a load the collector is asked, so that a variable assigned anew has let go of the old model. */
    private static final long SETTLING_MILLIS = 2_000;

    private final Cleaner.Cleanable cleanable;
    private final NDManager manager;
    private final ModelLock lock = new ModelLock();

    public Lifetime(NDManager manager, Tokenizer tokenizer) {
        this.manager = manager;
        OPEN.incrementAndGet();
        this.cleanable = CLEANER.register(this, () -> {
            OPEN.decrementAndGet();
            manager.close();
            tokenizer.close();
        });
        if (OPEN.get() > 1) {
            collectSoon();
        }
    }

    public boolean isOpen() {
        return manager.isOpen();
    }

    /** Models whose memory is held, by anybody. */
    public static int open() {
        return OPEN.get();
    }

    /** Begins a use of the model, which is not freed before it ends; see {@link ModelLock#use}. */
    public ModelLock.Use use(String model, String activity) {
        return held(lock.use(model, activity));
    }

    /** Begins a use during which other threads are refused; see {@link ModelLock#occupy}. */
    public ModelLock.Use occupy(String model, String activity) {
        return held(lock.occupy(model, activity));
    }

    private ModelLock.Use held(ModelLock.Use use) {
        return () -> {
            use.close();
            Reference.reachabilityFence(this);
        };
    }

    /**
     * Frees the memory once no thread uses it. Idempotent.
     *
     * @param model its name, for messages
     */
    public void close(String model) {
        try (ModelLock.Use last = lock.close(model)) {
            cleanable.clean();
        }
    }

    /** A model's memory is native, so the collector feels no need to look for dropped ones by itself. */
    private static void collectSoon() {
        Thread thread = new Thread(
                () -> {
                    try {
                        Thread.sleep(SETTLING_MILLIS);
                        System.gc();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "lorikeet-dropped-models");
        thread.setDaemon(true);
        thread.start();
    }
}
