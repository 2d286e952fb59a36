package dev.lorikeet.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a processor says of itself.
 *
 * @param name its model, such as "AMD EPYC 9R14"; may be empty
 * @param flags its instruction sets as Linux names them, such as "avx512_bf16"; none where the system does not tell
 */
record Processor(String name, Set<String> flags) {

    private static final Path LINUX = Path.of("/proc/cpuinfo");

    /** This machine's processor. */
    static final Processor THIS = read();

    private static Processor read() {
        try {
            if (Files.exists(LINUX)) {
                return parse(Files.readString(LINUX));
            }
        } catch (IOException e) {
            // Some containers forbid it; then nothing is known, as on other systems.
        }
        return new Processor(
                Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")).orElse(""), Set.of());
    }

    /** Reads the first processor of /proc/cpuinfo; ARM names it by numbers, and its flags "Features". */
    static Processor parse(String cpuinfo) {
        Map<String, String> first = cpuinfo.lines()
                .takeWhile(line -> !line.isBlank())
                .map(line -> line.split(":", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0].strip(), pair -> pair[1].strip(), (a, b) -> a));
        String name = first.getOrDefault(
                "model name",
                Stream.of("CPU implementer", "CPU part", "CPU variant")
                        .map(key -> first.getOrDefault(key, ""))
                        .collect(Collectors.joining(" "))
                        .strip());
        String flags = first.getOrDefault("flags", first.getOrDefault("Features", ""));
        return new Processor(name, Set.of(flags.isEmpty() ? new String[0] : distinct(flags)));
    }

    private static String[] distinct(String flags) {
        return Stream.of(flags.split("\\s+")).distinct().toArray(String[]::new);
    }

    /** Whether it multiplies bfloat16 by instructions of its own; unknown off x86-64 Linux, where a flag alone does not tell. */
    Optional<Boolean> hasBfloat16() {
        boolean tells = flags.contains("sse2");
        return tells ? Optional.of(flags.contains("avx512_bf16") || flags.contains("amx_bf16")) : Optional.empty();
    }
}
