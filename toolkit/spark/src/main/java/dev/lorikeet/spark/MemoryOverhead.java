package dev.lorikeet.spark;

import dev.lorikeet.base.Quantities;
import java.util.Optional;
import org.apache.spark.SparkConf;

/** What a cluster lets an executor hold beside Java's heap, where the model lies. */
final class MemoryOverhead {

    private static final String OVERHEAD = "spark.executor.memoryOverhead";

    /** As Spark has them where nothing is set. */
    private static final long LEAST_MIB = 384;

    private static final double USUAL_SHARE = 0.1;

    /** A step needs more than a model that was just loaded. */
    private static final double FOR_A_STEP = 1.5;

    private static final int MIB_OF_A_GIB = 1024;
    private static final int ROUNDED_TO_MIB = 512;

    private MemoryOverhead() {}

    /**
     * Warns where the cluster ends executors that hold too much, as YARN and Kubernetes do.
     *
     * @param held what an executor holds beside Java's heap, in GiB
     */
    static Optional<String> warning(String master, SparkConf settings, double held) {
        double allowed = (double) allowedMib(settings) / MIB_OF_A_GIB;
        if (!master.startsWith("yarn") && !master.startsWith("k8s") || held * FOR_A_STEP <= allowed) {
            return Optional.empty();
        }
        long better = (long) Math.ceil(held * FOR_A_STEP * MIB_OF_A_GIB / ROUNDED_TO_MIB) * ROUNDED_TO_MIB;
        return Optional.of(
                "An executor holds %s beside Java's heap before the first step. This cluster ends one that holds more than %s; set %s to %dm."
                        .formatted(Quantities.gib(held), Quantities.gib(allowed), OVERHEAD, better));
    }

    private static long allowedMib(SparkConf settings) {
        if (settings.contains(OVERHEAD)) {
            return settings.getSizeAsMb(OVERHEAD);
        }
        double share = settings.getDouble(OVERHEAD + "Factor", USUAL_SHARE);
        return Math.max(LEAST_MIB, Math.round(share * settings.getSizeAsMb("spark.executor.memory", "1g")));
    }
}
