package dev.lorikeet.memory;

import ai.djl.Device;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import dev.lorikeet.tensor.Torch;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** What can be done about memory between two runs. */
public final class Memory {

    private static final double GIB = 1 << 30;

    private Memory() {}

    /**
     * Gives back what is held for later: models that nothing refers to, the engine's cache on a GPU, free pages of the C
     * library. What a second run in the same process measures is then its own.
     */
    public static void release() {
        System.gc();
        Torch.emptyCache();
        callIfThere("MallocExtension_ReleaseFreeMemory");
        callIfThere("malloc_trim", 0);
    }

    /** What this process may still take on a device, in GiB: of the machine's memory, or of a GPU's. */
    public static double availableGiB(Device device) {
        return (device.isGpu() ? GpuMemory.available(device) : HostMemory.available()) / GIB;
    }

    /** Bytes in GiB (2³⁰ bytes). */
    public static double gib(long bytes) {
        return bytes / GIB;
    }

    /**
     * Bytes that the process takes besides tensors: on Linux's host the pages of libraries and jars, what Java's heap and its
     * own data are given, and what the engine has from malloc; best asked for after {@link #release}. Elsewhere, where no such
     * parts can be told apart, what is in use less the tensors.
     *
     * @param probe of the place that is asked about
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

    /** A function of the C library or of an allocator in its place; each system has others. */
    private static void callIfThere(String name, Object... arguments) {
        try {
            Function function = NativeLibrary.getProcess().getFunction(name);
            function.invokeInt(arguments);
        } catch (UnsatisfiedLinkError e) {
            // Not here, so there is nothing to give back this way.
        }
    }
}
