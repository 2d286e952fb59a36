package dev.lorikeet.spark;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import org.apache.spark.TaskContext;

/** Stops tasks whose job was cancelled; Spark itself waits until they ask for their next row. */
final class KilledTasks {

    private KilledTasks() {}

    /** @throws StoppedException if the task of this thread was killed */
    static void check() {
        TaskContext task = TaskContext.get();
        if (task != null && task.isInterrupted()) {
            throw new StoppedException("The task was stopped");
        }
    }

    /** A progress that checks at each step. */
    static Progress checking() {
        return new Progress() {

            @Override
            public void at(long done, String detail) {
                check();
            }

            @Override
            public void close() {}
        };
    }
}
