package dev.lorikeet.memory;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import dev.lorikeet.memory.Measured.Counting;
import java.util.Optional;

/** Measures an NVIDIA GPU's memory: what this process holds, by NVML, else what all processes hold, by CUDA. */
final class GpuMemory {

    private GpuMemory() {}

    static MemoryProbe probe(Device device) {
        Optional<Nvml> nvml = nvml(device);
        return nvml.isPresent()
                ? probe(device, nvml.get(), ProcessHandle.current().pid())
                : SampledProbe.of(
                        new Measured("GPU " + device.getDeviceId(), Counting.DEVICE),
                        () -> CudaUtils.getGpuMemory(device).getCommitted());
    }

    static MemoryProbe probe(Device device, Nvml nvml, long process) {
        String where = "GPU %d (%s)".formatted(device.getDeviceId(), nvml.name());
        return nvml.used(process).isPresent()
                ? SampledProbe.of(new Measured(where, Counting.PROCESS), () -> nvml.used(process)
                        .orElse(0))
                : SampledProbe.of(
                        new Measured(where, Counting.DEVICE), () -> nvml.used().orElse(0));
    }

    /** Bytes of the device's memory that no process uses. */
    static long available(Device device) {
        return nvml(device)
                .map(Nvml::free)
                .flatMap(free -> free.isPresent() ? Optional.of(free.getAsLong()) : Optional.empty())
                .orElseGet(() -> {
                    var memory = CudaUtils.getGpuMemory(device);
                    return memory.getMax() - memory.getCommitted();
                });
    }

    private static Optional<Nvml> nvml(Device device) {
        return Nvml.of(device.getDeviceId(), System.getenv("CUDA_VISIBLE_DEVICES"));
    }
}
