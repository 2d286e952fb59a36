package dev.lorikeet.memory;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The process's high-water mark as Linux keeps it, which misses nothing and costs nothing. There is one mark for the whole
 * process: whoever sets it back first tells all other probes how far it had risen.
 */
final class HighWaterProbe implements MemoryProbe {

    private static final Set<HighWaterProbe> OPEN = Collections.newSetFromMap(new WeakHashMap<>());

    private long highest;

    HighWaterProbe() {
        reset();
    }

    /** Whether the mark can be read and set back. */
    static boolean isSupported() {
        synchronized (OPEN) {
            tellAll();
            return HostMemory.highWater() > 0 && HostMemory.resetHighWater();
        }
    }

    private static void tellAll() {
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
            tellAll();
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
