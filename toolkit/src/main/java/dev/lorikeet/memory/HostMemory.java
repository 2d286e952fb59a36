package dev.lorikeet.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import oshi.SystemInfo;

/** Measures the memory of this process and of the machine in bytes: from Linux's /proc, elsewhere through OSHI. */
final class HostMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    /** Resets the high-water mark to the present size when written to {@link #CLEAR}; see proc(5). */
    private static final String RESET_PEAK = "5";

    private static final long KIB = 1 << 10;

    private HostMemory() {}

    static Measured measured() {
        return new Measured("host", Measured.Counting.RESIDENT);
    }

    /** The process's resident set size. */
    static long resident() {
        return field(STATUS, "VmRSS:").orElseGet(HostMemory::residentElsewhere);
    }

    static long residentElsewhere() {
        return new SystemInfo().getOperatingSystem().getCurrentProcess().getResidentSetSize();
    }

    /** Resident pages of files, such as the engine's libraries; 0 where that is not known. */
    static long residentFiles() {
        return field(STATUS, "RssFile:").orElse(0);
    }

    /** The peak resident set size since the process began or the mark was reset; 0 where that is not known. */
    static long highWater() {
        return field(STATUS, "VmHWM:").orElse(0);
    }

    /** Resets the high-water mark to the present size; false where that cannot be done. */
    static boolean resetHighWater() {
        try {
            Files.writeString(CLEAR, RESET_PEAK);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Bytes that the process can still take: free memory and what the system can free at once, within a container's limit. */
    static long available() {
        long free = new SystemInfo().getHardware().getMemory().getAvailable();
        return Math.min(free, ControlGroup.available().orElse(Long.MAX_VALUE));
    }

    static OptionalLong field(Path status, String name) {
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
