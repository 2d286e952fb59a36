package dev.lorikeet.memory;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Reads the process's high-water mark that Linux keeps, which misses no peak and costs nothing. The process has one mark:
 * before one probe resets it, all other open probes record it.
 */
final class HighWaterProbe implements MemoryProbe {

    private static final Set<HighWaterProbe> OPEN = Collections.newSetFromMap(new WeakHashMap<>());

    private long highest;

    HighWaterProbe() {
        reset();
    }

    /** Whether the mark can be read and reset. */
    static boolean isSupported() {
        synchronized (OPEN) {
            recordInAll();
            return HostMemory.highWater() > 0 && HostMemory.resetHighWater();
        }
    }

    private static void recordInAll() {
        long mark = HostMemory.highWater();
        OPEN.forEach(probe -> probe.highest = Math.max(probe.highest, mark));
    }

    @Override
    public Measured measured() {
        return HostMemory.measured();
    }

    @Override
    public long now() {
        return HostMemory.resident();
    }

    @Override
    public long peak() {
        synchronized (OPEN) {
            return Math.max(highest, HostMemory.highWater());
        }
    }

    @Override
    public void reset() {
        synchronized (OPEN) {
            recordInAll();
            HostMemory.resetHighWater();
            highest = HostMemory.highWater();
            OPEN.add(this);
        }
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            OPEN.remove(this);
        }
    }
}
