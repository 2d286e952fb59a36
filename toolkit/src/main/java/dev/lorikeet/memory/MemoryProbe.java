package dev.lorikeet.memory;

import ai.djl.Device;

/** Reads the memory in use at one place and its peak, in bytes. */
public interface MemoryProbe extends AutoCloseable {

    Measured measured();

    /** The memory in use now. */
    long now();

    /** The peak since the probe was made or {@link #reset}. */
    long peak();

    /** Resets the peak to what is in use now. */
    void reset();

    @Override
    void close();

    /** A probe of this process's resident memory: counted by the kernel on Linux, else sampled every few milliseconds. */
    static MemoryProbe host() {
        return HighWaterProbe.isSupported()
                ? new HighWaterProbe()
                : SampledProbe.of(HostMemory.measured(), HostMemory::resident);
    }

    /**
     * A probe of a device's memory: the host's, or a GPU's, sampled every few milliseconds. With NVIDIA's NVML it counts what
     * this process holds, without it what all processes hold.
     */
    static MemoryProbe of(Device device) {
        return device.isGpu() ? GpuMemory.probe(device) : host();
    }
}
