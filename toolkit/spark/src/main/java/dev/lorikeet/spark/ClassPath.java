package dev.lorikeet.spark;

import dev.lorikeet.base.LorikeetException;
import java.io.File;
import java.net.URL;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.SparkContext;

/** Finds out in a sentence what otherwise fails deep inside of Spark. */
final class ClassPath {

    /** The toolkit's reader of Parquet brings a few classes of Hadoop's, which stand in for the real ones where there is no Spark. */
    private static final String HADOOP = "org/apache/hadoop/conf/Configuration.class";

    private static final String SPARK = "org/apache/spark/SparkContext.class";

    private ClassPath() {}

    /** @throws LorikeetException if Spark would find another library's classes in place of its own */
    static void check() {
        problem(SparkContext.class.getClassLoader()).ifPresent(problem -> {
            throw new LorikeetException(problem);
        });
    }

    static Optional<String> problem(ClassLoader loader) {
        String hadoop = jar(loader, HADOOP);
        return hadoop.contains("parquet-floor")
                ? Optional.of(
                        ("Spark's jars must stand before Lorikeet's on the class path: Spark would take Hadoop's classes from %s, and not "
                                        + "from the jar beside %s. binder/lab --spark makes a kernel in which they do; with spark-submit give Lorikeet's "
                                        + "jars to --jars")
                                .formatted(hadoop, jar(loader, SPARK)))
                : Optional.empty();
    }

    /** The name of the jar from which a class is taken. */
    private static String jar(ClassLoader loader, String resource) {
        URL found = loader.getResource(resource);
        if (found == null) {
            return "nowhere";
        }
        return Arrays.stream(found.toString().split("!")[0].split("[/" + File.separatorChar + "]"))
                .reduce((first, last) -> last)
                .orElse("");
    }
}
