package dev.lorikeet.memory;

import ai.djl.Device;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import dev.lorikeet.tensor.Torch;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** Releases memory between two runs, and measures what is available. */
public final class Memory {

    private static final double GIB = 1 << 30;

    private Memory() {}

    /**
     * Releases memory that is kept for reuse: models that nothing refers to, the engine's cache on a GPU, free pages of the C
     * library. A second run in the same process then measures its own memory only.
     */
    public static void release() {
        System.gc();
        Torch.emptyCache();
        callIfThere("MallocExtension_ReleaseFreeMemory");
        callIfThere("malloc_trim", 0);
    }

    /** Memory in GiB that this process can still take: the machine's, or a GPU's. */
    public static double availableGiB(Device device) {
        return (device.isGpu() ? GpuMemory.available(device) : HostMemory.available()) / GIB;
    }

    /** Memory in GiB that this process holds beside Java's heap: tensors, libraries, and what Java keeps for itself. */
    public static double besideHeapGiB() {
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
        return Math.max(0, HostMemory.resident() - heap) / GIB;
    }

    /** Converts bytes to GiB (2³⁰ bytes). */
    public static double gib(long bytes) {
        return bytes / GIB;
    }

    /**
     * Bytes that the process takes besides tensors: on a Linux host the pages of libraries and jars, Java's heap and its own
     * data, and what the engine has allocated by malloc; call {@link #release} before. Elsewhere, where these parts cannot be
     * told apart, the memory in use less the tensors.
     *
     * @param probe measures the place
     * @param tensors bytes of all tensors that are alive there
     */
    public static long runtime(MemoryProbe probe, long tensors) {
        long files = HostMemory.residentFiles();
        if (!probe.measured().equals(HostMemory.measured()) || files == 0) {
            return Math.max(0, probe.now() - tensors);
        }
        MemoryMXBean java = ManagementFactory.getMemoryMXBean();
        return files
                + java.getHeapMemoryUsage().getCommitted()
                + java.getNonHeapMemoryUsage().getCommitted()
                + Math.max(0, NativeHeap.inUse() - tensors);
    }

    /** Calls a function of the C library, or of an allocator in its place, if this system has it. */
    private static void callIfThere(String name, Object... arguments) {
        try {
            Function function = NativeLibrary.getProcess().getFunction(name);
            function.invokeInt(arguments);
        } catch (UnsatisfiedLinkError e) {
            // This system has no such function, so it has nothing to release this way.
        }
    }
}
