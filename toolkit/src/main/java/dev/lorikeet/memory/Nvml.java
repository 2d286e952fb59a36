package dev.lorikeet.memory;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.Optional;
import java.util.OptionalLong;

/** NVIDIA's management library, part of the driver: reads how much memory of a GPU is in use, and by which process. */
final class Nvml {

    private static final String LINUX = "libnvidia-ml.so.1";
    private static final String WINDOWS = "nvml";

    private static final int SUCCESS = 0;
    private static final int INSUFFICIENT_SIZE = 7;
    private static final int NAME_BYTES = 96;

    /** nvmlMemory_t: total, free and used, each 8 bytes. */
    private static final int MEMORY_BYTES = 24;

    private static final int USED_AT = 16;
    private static final int TOTAL_AT = 0;

    /** nvmlProcessInfo_v2_t: 4 bytes of process number, 4 of nothing, 8 of memory, 8 of instance numbers. */
    private static final int PROCESS_BYTES = 24;

    private static final int PROCESS_MEMORY_AT = 8;

    /** The driver's value for memory that it does not report, as on Windows. */
    private static final long NOT_REPORTED = -1;

    /** The functions, under their own names. */
    @SuppressWarnings("checkstyle:MethodName")
    public interface Functions extends Library {
        int nvmlInit_v2();

        int nvmlDeviceGetHandleByIndex_v2(int index, PointerByReference device);

        int nvmlDeviceGetHandleByUUID(String uuid, PointerByReference device);

        int nvmlDeviceGetName(Pointer device, Pointer name, int length);

        int nvmlDeviceGetMemoryInfo(Pointer device, Pointer memory);

        int nvmlDeviceGetComputeRunningProcesses_v3(Pointer device, IntByReference count, Pointer processes);
    }

    private final Functions functions;
    private final Pointer device;

    private Nvml(Functions functions, Pointer device) {
        this.functions = functions;
        this.device = device;
    }

    /**
     * Finds a GPU by its CUDA index in this process.
     *
     * @param visible the value of CUDA_VISIBLE_DEVICES, or null
     * @return empty without a driver, or if it does not know the device
     */
    static Optional<Nvml> of(int cudaIndex, String visible) {
        return of(Platform.isWindows() ? WINDOWS : LINUX, cudaIndex, visible);
    }

    static Optional<Nvml> of(String library, int cudaIndex, String visible) {
        try {
            Functions functions = Native.load(library, Functions.class);
            PointerByReference device = new PointerByReference();
            boolean found =
                    functions.nvmlInit_v2() == SUCCESS && find(functions, cudaIndex, visible, device) == SUCCESS;
            return found ? Optional.of(new Nvml(functions, device.getValue())) : Optional.empty();
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    /** CUDA_VISIBLE_DEVICES names the devices in CUDA's order, by number or by UUID. */
    private static int find(Functions functions, int cudaIndex, String visible, PointerByReference device) {
        String[] names = visible == null || visible.isBlank() ? new String[0] : visible.split(",");
        String name = cudaIndex < names.length ? names[cudaIndex].strip() : String.valueOf(cudaIndex);
        return name.matches("\\d+")
                ? functions.nvmlDeviceGetHandleByIndex_v2(Integer.parseInt(name), device)
                : functions.nvmlDeviceGetHandleByUUID(name, device);
    }

    /** The product name, such as "Tesla T4". */
    String name() {
        try (Memory text = new Memory(NAME_BYTES)) {
            return functions.nvmlDeviceGetName(device, text, NAME_BYTES) == SUCCESS ? text.getString(0) : "unnamed";
        }
    }

    /** Bytes in use by all processes. */
    OptionalLong used() {
        return memory(USED_AT);
    }

    /** Bytes that no process uses. */
    OptionalLong free() {
        OptionalLong total = memory(TOTAL_AT);
        OptionalLong used = used();
        return total.isEmpty() || used.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(total.getAsLong() - used.getAsLong());
    }

    private OptionalLong memory(int at) {
        try (Memory info = new Memory(MEMORY_BYTES)) {
            return functions.nvmlDeviceGetMemoryInfo(device, info) == SUCCESS
                    ? OptionalLong.of(info.getLong(at))
                    : OptionalLong.empty();
        }
    }

    /**
     * Bytes in use by one process; empty if the driver does not list it (in a container it may know the process by another
     * number) or does not tell.
     */
    OptionalLong used(long process) {
        IntByReference count = new IntByReference(0);
        int result = functions.nvmlDeviceGetComputeRunningProcesses_v3(device, count, null);
        while (result == INSUFFICIENT_SIZE) {
            // One more than asked for, as processes come and go.
            count.setValue(count.getValue() + 1);
            try (Memory list = new Memory((long) PROCESS_BYTES * count.getValue())) {
                result = functions.nvmlDeviceGetComputeRunningProcesses_v3(device, count, list);
                if (result == SUCCESS) {
                    return find(process, list, count.getValue());
                }
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong find(long process, Memory list, int count) {
        for (int i = 0; i < count; i++) {
            long at = (long) i * PROCESS_BYTES;
            long bytes = list.getLong(at + PROCESS_MEMORY_AT);
            if (Integer.toUnsignedLong(list.getInt(at)) == process && bytes != NOT_REPORTED) {
                return OptionalLong.of(bytes);
            }
        }
        return OptionalLong.empty();
    }
}
