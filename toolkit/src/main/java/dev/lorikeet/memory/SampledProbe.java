package dev.lorikeet.memory;

import java.util.function.LongSupplier;

/** Samples the memory in use every few milliseconds on its own thread, so that peaks within a step are found. */
final class SampledProbe implements MemoryProbe {

    private static final long PAUSE_MILLIS = 4;

    private final Measured measured;
    private final LongSupplier source;
    private final Thread thread;
    private long peak;

    private SampledProbe(Measured measured, LongSupplier source) {
        this.measured = measured;
        this.source = source;
        this.peak = source.getAsLong();
        this.thread = new Thread(this::sampleForever, "lorikeet-memory");
        thread.setDaemon(true);
    }

    /** @param source gives the bytes in use */
    static MemoryProbe of(Measured measured, LongSupplier source) {
        SampledProbe probe = new SampledProbe(measured, source);
        probe.thread.start();
        return probe;
    }

    private void sampleForever() {
        try {
            while (true) {
                sample();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private synchronized long sample() {
        long now = source.getAsLong();
        peak = Math.max(peak, now);
        return now;
    }

    @Override
    public Measured measured() {
        return measured;
    }

    @Override
    public long now() {
        return sample();
    }

    @Override
    public synchronized long peak() {
        sample();
        return peak;
    }

    @Override
    public synchronized void reset() {
        peak = source.getAsLong();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
