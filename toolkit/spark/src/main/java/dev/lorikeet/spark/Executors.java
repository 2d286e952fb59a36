package dev.lorikeet.spark;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.memory.Memory;
import dev.lorikeet.tensor.Machine;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/** What the executors of a cluster are and have. */
final class Executors {

    /** A task takes at least as long, so that no executor takes two while another one has none. */
    private static final long LEAST_MILLIS = 300;

    private Executors() {}

    /**
     * What an executor says of itself.
     *
     * @param id Spark's name of it
     * @param version of the toolkit
     * @param processor and the number of threads that compute
     * @param held memory beside Java's heap in GiB
     */
    record ExecutorFacts(
            String id, String version, String engine, String processor, int threads, double held, ModelFacts model)
            implements Serializable {

        static ExecutorFacts ofThis(ModelFacts model) {
            Machine machine = Machine.current();
            return new ExecutorFacts(
                    SparkEnv.get().executorId(),
                    ownVersion(),
                    machine.engine(),
                    machine.processor(),
                    ownThreads(),
                    Memory.besideHeapGiB(),
                    model);
        }

        private static String ownVersion() {
            return Optional.ofNullable(LorikeetException.class.getPackage().getImplementationVersion())
                    .orElse("of class files");
        }

        private static int ownThreads() {
            String set = System.getProperty("ai.djl.pytorch.num_threads", System.getenv("OMP_NUM_THREADS"));
            return set == null || !set.matches("\\d{1,4}")
                    ? Runtime.getRuntime().availableProcessors()
                    : Integer.parseInt(set);
        }
    }

    /** Asks an executor. */
    private static final class Question implements Function<byte[], byte[]> {

        private final ModelHandle handle;

        Question(ModelHandle handle) {
            this.handle = handle;
        }

        @Override
        public byte[] call(byte[] ignored) throws InterruptedException {
            long start = System.nanoTime();
            ModelFacts model = ExecutorModel.of(handle).facts();
            Thread.sleep(Math.max(0, LEAST_MILLIS - (System.nanoTime() - start) / 1_000_000));
            return ObjectBytes.of(ExecutorFacts.ofThis(model));
        }
    }

    /**
     * Loads the model on all executors and compares it with the driver's.
     *
     * @throws LorikeetException if an executor has another version or another model; it names the executor and the difference
     */
    static void check(JavaSparkContext context, ModelHandle handle) {
        int tasks = Math.max(1, Math.max(count(context), context.defaultParallelism()));
        List<ExecutorFacts> answers = Jobs.run(
                context, "Loading the model", Collections.nCopies(tasks, 0), new Question(handle), ExecutorFacts.class);
        Map<String, ExecutorFacts> executors = new LinkedHashMap<>();
        answers.forEach(answer -> executors.put(answer.id(), answer));
        ExecutorFacts driver = ExecutorFacts.ofThis(handle.expected());
        for (ExecutorFacts executor : executors.values()) {
            List<String> differences = differences(driver, executor);
            if (!differences.isEmpty()) {
                throw new LorikeetException(
                        "Executor %s cannot take part: %s".formatted(executor.id(), String.join("; ", differences)));
            }
        }
        double held = executors.values().stream()
                .mapToDouble(ExecutorFacts::held)
                .max()
                .orElseThrow();
        System.out.printf(
                "Computing on %s: %s; up to %s beside Java's heap.%n",
                Quantities.counted(executors.size(), "executor"),
                String.join(
                        "; ",
                        executors.values().stream()
                                .map(Executors::machine)
                                .distinct()
                                .toList()),
                Quantities.gib(held));
        MemoryOverhead.warning(context.master(), context.getConf(), held).ifPresent(System.out::println);
        executors.values().stream()
                .filter(executor -> !machine(executor).equals(machine(driver)))
                .findFirst()
                .ifPresent(executor -> System.out.printf(
                        "This process has %s; on other processors or threads the last digits may differ.%n",
                        machine(driver)));
    }

    private static String machine(ExecutorFacts facts) {
        return "%s, %s".formatted(facts.processor(), Quantities.counted(facts.threads(), "thread"));
    }

    private static List<String> differences(ExecutorFacts driver, ExecutorFacts executor) {
        List<String> differences = new ArrayList<>(driver.model().differences(executor.model()));
        if (!driver.version().equals(executor.version())) {
            differences.add("it has Lorikeet %s instead of %s".formatted(executor.version(), driver.version()));
        }
        if (!driver.engine().equals(executor.engine())) {
            differences.add("it has %s instead of %s".formatted(executor.engine(), driver.engine()));
        }
        return differences;
    }

    /** The number of executors now, without the driver. */
    static int count(JavaSparkContext context) {
        return context.sc().statusTracker().getExecutorInfos().length - 1;
    }
}
