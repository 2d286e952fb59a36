package dev.lorikeet.memory;

import ai.djl.Device;

/** Reads the memory in use at one place, and the most that was in use. All in bytes. */
public interface MemoryProbe extends AutoCloseable {

    Measured measured();

    /** What is in use now. */
    long now();

    /** The most that was in use since the probe was made or {@link #reset}. */
    long peak();

    /** Starts a new measurement of the peak, from what is in use now. */
    void reset();

    @Override
    void close();

    /** The resident memory of this process: counted by the kernel on Linux, else sampled every few milliseconds. */
    static MemoryProbe host() {
        return HighWaterProbe.isSupported()
                ? new HighWaterProbe()
                : SampledProbe.of(HostMemory.measured(), HostMemory::resident);
    }

    /**
     * The memory that a model on this device takes: the host's, or that of a GPU, sampled every few milliseconds. Through
     * NVIDIA's NVML what this process holds is told apart from what others do; without it, it is all of the device.
     */
    static MemoryProbe of(Device device) {
        return device.isGpu() ? GpuMemory.probe(device) : host();
    }
}
