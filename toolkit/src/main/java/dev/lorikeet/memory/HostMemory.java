package dev.lorikeet.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import oshi.SystemInfo;

/** The memory of this process and of the machine, in bytes: from Linux's own files, elsewhere through OSHI. */
final class HostMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    /** Written to {@link #CLEAR}, it sets the high-water mark to the present size; see proc(5). */
    private static final String RESET_PEAK = "5";

    private static final long KIB = 1 << 10;

    private HostMemory() {}

    static Measured measured() {
        return new Measured("host", Measured.Kind.RESIDENT);
    }

    /** What of this process is in the machine's memory. */
    static long resident() {
        return field(STATUS, "VmRSS:").orElseGet(HostMemory::residentElsewhere);
    }

    static long residentElsewhere() {
        return new SystemInfo().getOperatingSystem().getCurrentProcess().getResidentSetSize();
    }

    /** Pages of files, such as the engine's libraries, among the resident memory; 0 where that is not known. */
    static long residentFiles() {
        return field(STATUS, "RssFile:").orElse(0);
    }

    /** The most that was resident since the process began or the mark was set back; 0 where that is not known. */
    static long highWater() {
        return field(STATUS, "VmHWM:").orElse(0);
    }

    /** Sets the high-water mark to what is resident now; false where that cannot be done. */
    static boolean resetHighWater() {
        try {
            Files.writeString(CLEAR, RESET_PEAK);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What the process may still take: free memory and what the system can free at once, within a container's limit. */
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
