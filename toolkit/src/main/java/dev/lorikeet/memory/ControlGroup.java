package dev.lorikeet.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The memory limit of the container that this process runs in, if any, in either version of Linux's control groups. */
final class ControlGroup {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private ControlGroup() {}

    /** Bytes left below the limit; file pages that can be dropped count as free. Empty without a limit. */
    static OptionalLong available() {
        return available(ROOT);
    }

    static OptionalLong available(Path root) {
        OptionalLong version2 = left(root, "memory.max", "memory.current", "inactive_file ");
        return version2.isPresent()
                ? version2
                : left(
                        root.resolve("memory"),
                        "memory.limit_in_bytes",
                        "memory.usage_in_bytes",
                        "total_inactive_file ");
    }

    private static OptionalLong left(Path folder, String limit, String used, String droppable) {
        try {
            long limitBytes =
                    Long.parseLong(Files.readString(folder.resolve(limit)).strip());
            long usedBytes =
                    Long.parseLong(Files.readString(folder.resolve(used)).strip());
            long droppableBytes = Files.readAllLines(folder.resolve("memory.stat")).stream()
                    .filter(line -> line.startsWith(droppable))
                    .mapToLong(line -> Long.parseLong(line.substring(droppable.length())))
                    .findFirst()
                    .orElse(0);
            return OptionalLong.of(Math.max(0, limitBytes - usedBytes + droppableBytes));
        } catch (IOException | NumberFormatException e) {
            // No limit ("max"), or no control group here.
            return OptionalLong.empty();
        }
    }
}
