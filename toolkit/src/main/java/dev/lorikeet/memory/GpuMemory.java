package dev.lorikeet.memory;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import dev.lorikeet.memory.Measured.Kind;
import java.util.Optional;

/** The memory of an NVIDIA GPU: through NVML what this process holds, else through CUDA what all processes do. */
final class GpuMemory {

    private GpuMemory() {}

    static MemoryProbe probe(Device device) {
        Optional<Nvml> nvml = nvml(device);
        return nvml.isPresent()
                ? probe(device, nvml.get(), ProcessHandle.current().pid())
                : SampledProbe.of(
                        new Measured("GPU " + device.getDeviceId(), Kind.DEVICE),
                        () -> CudaUtils.getGpuMemory(device).getCommitted());
    }

    static MemoryProbe probe(Device device, Nvml nvml, long process) {
        String where = "GPU %d (%s)".formatted(device.getDeviceId(), nvml.name());
        return nvml.used(process).isPresent()
                ? SampledProbe.of(new Measured(where, Kind.PROCESS), () -> nvml.used(process)
                        .orElse(0))
                : SampledProbe.of(
                        new Measured(where, Kind.DEVICE), () -> nvml.used().orElse(0));
    }

    /** What nobody uses, of the device's memory. */
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
