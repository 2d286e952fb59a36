package dev.lorikeet.tensor;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The compute dtype in which a device multiplies fastest. The same cells must give the same losses on a busy machine too, so it
 * follows from the instructions that the device has; where the system does not tell them, it is measured once and kept.
 *
 * @param dtype float32 unless another is clearly faster
 * @param reason why, for a user
 */
public record FastestDType(DType dtype, String reason) {

    private static final int WITH_FLOAT16 = 70;
    private static final int WITH_BFLOAT16 = 80;

    private static final Map<Device, FastestDType> FOUND = new ConcurrentHashMap<>();

    /** Found once a process for each device. */
    public static FastestDType on(Device device) {
        return FOUND.computeIfAbsent(device, each -> each.isGpu() ? onGpu(each) : onCpu(Processor.THIS));
    }

    static FastestDType onCpu(Processor processor) {
        return processor
                .hasBfloat16()
                .map(has -> new FastestDType(
                        has ? DType.BFLOAT16 : DType.FLOAT32,
                        "this CPU has " + (has ? "" : "no ") + "instructions for bfloat16"))
                .orElseGet(() -> {
                    String kept = MachineFacts.ofThis().get("fastest dtype", () -> DTypeTiming.fastest(Device.cpu())
                            .name());
                    return new FastestDType(DType.valueOf(kept), "measured once on this machine");
                });
    }

    private static FastestDType onGpu(Device device) {
        return capability(device)
                .map(FastestDType::ofCapability)
                .orElseGet(() -> new FastestDType(DTypeTiming.fastest(device), "measured on this GPU"));
    }

    /** NVIDIA's compute capability times ten; empty where the CUDA runtime cannot be asked. */
    private static Optional<Integer> capability(Device device) {
        try {
            return Optional.of(Integer.valueOf(CudaUtils.getComputeCapability(device.getDeviceId())));
        } catch (RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }

    /** Volta multiplies float16 in its tensor cores; Ampere and later bfloat16 too. */
    static FastestDType ofCapability(int capability) {
        DType dtype = capability >= WITH_BFLOAT16
                ? DType.BFLOAT16
                : capability >= WITH_FLOAT16 ? DType.FLOAT16 : DType.FLOAT32;
        String reason =
                dtype == DType.FLOAT32 ? "this GPU has no tensor cores" : "this GPU has tensor cores for " + dtype;
        return new FastestDType(dtype, reason);
    }

    /** For a user, such as "bfloat16 (this CPU has instructions for bfloat16)". */
    @Override
    public String toString() {
        return dtype + " (" + reason + ")";
    }
}
