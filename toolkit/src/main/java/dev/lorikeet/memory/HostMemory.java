package dev.lorikeet.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** The process's resident memory, as Linux counts it: Java's heap, native tensors, code. Elsewhere nothing is known. */
public final class HostMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    /** Written to {@link #CLEAR}, it sets the high-water mark to the present size; see proc(5). */
    private static final String RESET_PEAK = "5";

    private static final double KIB_IN_GIB = 1 << 20;

    private HostMemory() {}

    /** The most that was resident since the process began or {@link #resetPeak}, in GiB. */
    public static OptionalDouble peakGiB() {
        return field(STATUS, "VmHWM:");
    }

    /** What is resident now, in GiB. */
    public static OptionalDouble nowGiB() {
        return field(STATUS, "VmRSS:");
    }

    /** Starts a new measurement of the peak; false where that cannot be done, and the peak then counts from the start. */
    public static boolean resetPeak() {
        try {
            Files.writeString(CLEAR, RESET_PEAK);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static OptionalDouble field(Path status, String name) {
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIB_IN_GIB)
                    .findFirst();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }
}
