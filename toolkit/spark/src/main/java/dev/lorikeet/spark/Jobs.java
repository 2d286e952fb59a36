package dev.lorikeet.spark;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.StoppedException;
import java.io.Serializable;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/** Runs jobs that a thread can be interrupted in, and says in a sentence what an executor complained of. */
final class Jobs {

    /** The first line of an error of ours in Spark's account of a failed job. */
    private static final Pattern OURS = Pattern.compile("dev\\.lorikeet\\.[\\w.]*Exception: (.+)");

    private Jobs() {}

    /**
     * Runs a job with a task for each request.
     *
     * @param what such as "An update", for messages
     * @return in the order of the requests
     * @throws StoppedException if the thread is interrupted; the job is cancelled
     * @throws LorikeetException if a task fails as often as Spark lets it
     */
    static <T> List<T> run(
            JavaSparkContext context,
            String what,
            List<? extends Serializable> requests,
            Function<byte[], byte[]> function,
            Class<T> type) {
        List<byte[]> sent = requests.stream().map(ObjectBytes::of).toList();
        JavaFutureAction<List<byte[]>> job =
                context.parallelize(sent, sent.size()).map(function).collectAsync();
        boolean complete = false;
        try {
            List<T> results = job.get().stream()
                    .map(bytes -> ObjectBytes.read(bytes, type))
                    .toList();
            complete = true;
            return results;
        } catch (InterruptedException e) {
            throw stopped(what);
        } catch (ExecutionException e) {
            throw failed(what, e.getCause());
        } finally {
            if (!complete) {
                job.cancel(true);
            }
        }
    }

    /**
     * Calls Spark, whose methods throw an {@link InterruptedException} without declaring it.
     *
     * @throws StoppedException if the thread is interrupted
     */
    static <T> T interruptibly(String what, Callable<T> call) {
        try {
            return call.call();
        } catch (RuntimeException e) {
            throw isInterrupt(e) ? stopped(what) : e;
        } catch (Exception e) {
            throw isInterrupt(e) ? stopped(what) : failed(what, e);
        }
    }

    /** Calls Spark as {@link #interruptibly(String, Callable)} does. */
    static void interruptibly(String what, Action action) {
        interruptibly(what, () -> {
            action.run();
            return null;
        });
    }

    /** What may throw Spark's undeclared exceptions. */
    interface Action {
        void run() throws Exception;
    }

    private static boolean isInterrupt(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (e instanceof InterruptedException || e instanceof ClosedByInterruptException) {
                return true;
            }
        }
        return false;
    }

    static StoppedException stopped(String what) {
        // Whoever stops a thread a second time has not asked for more.
        Thread.interrupted();
        return new StoppedException(what + " over the cluster was stopped");
    }

    /** Our own sentence out of Spark's account, which is pages long. */
    static LorikeetException failed(String what, Throwable cause) {
        Matcher ours = OURS.matcher(String.valueOf(cause.getMessage()));
        String reason = ours.find()
                ? ours.group(1)
                : String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new LorikeetException("%s failed on the cluster: %s".formatted(what, reason), cause);
    }
}
