package dev.lorikeet.tensor;

import ai.djl.util.Platform;
import ai.djl.util.cuda.CudaUtils;
import dev.lorikeet.base.Quantities;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a result was computed on, said without starting the engine.
 *
 * @param engine such as "PyTorch 2.7.1"
 * @param processor such as "AMD EPYC 9R14, 2 cores, AVX2", and the GPUs that the engine may use
 */
public record Machine(String engine, String processor) {

    /** Linux's names of the instruction sets that decide how fast a model computes, the fastest first, and what they are called. */
    private static final List<String[]> INSTRUCTIONS = List.of(
            new String[] {"amx_bf16", "AMX with bfloat16"},
            new String[] {"avx512_bf16", "AVX-512 with bfloat16"},
            new String[] {"avx512f", "AVX-512"},
            new String[] {"avx2", "AVX2"},
            new String[] {"sve", "SVE"},
            new String[] {"asimd", "NEON"});

    /** This machine, with the engine that is on the class path. */
    public static Machine current() {
        Optional<Platform> natives = natives();
        // DJL's natives add the day on which they were built.
        String engine = "PyTorch"
                + natives.map(found -> " " + found.getVersion().split("-")[0]).orElse("");
        boolean cuda =
                natives.filter(found -> found.getFlavor().startsWith("cu")).isPresent();
        return new Machine(
                engine, describe(Processor.THIS, Runtime.getRuntime().availableProcessors()) + (cuda ? gpus() : ""));
    }

    static String describe(Processor processor, int cores) {
        String name = processor.name().isEmpty() ? System.getProperty("os.arch") : processor.name();
        return name + ", " + Quantities.counted(cores, "core") + instructions(processor.flags());
    }

    private static String instructions(Set<String> flags) {
        return INSTRUCTIONS.stream()
                .filter(set -> flags.contains(set[0]))
                .findFirst()
                .map(set -> ", " + set[1])
                .orElse("");
    }

    private static Optional<Platform> natives() {
        try {
            return Optional.of(Platform.detectPlatform("pytorch"));
        } catch (RuntimeException | LinkageError e) {
            // Without them a model says what is missing; a line of information need not.
            return Optional.empty();
        }
    }

    private static String gpus() {
        try {
            int count = CudaUtils.getGpuCount();
            return count == 0 ? ", no GPU" : ", " + Quantities.counted(count, "GPU");
        } catch (RuntimeException | LinkageError e) {
            return "";
        }
    }
}
