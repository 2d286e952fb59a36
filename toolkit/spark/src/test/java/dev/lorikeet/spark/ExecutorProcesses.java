package dev.lorikeet.spark;

import java.util.List;

/** The processes of the executors that this process has started. */
final class ExecutorProcesses {

    private ExecutorProcesses() {}

    static List<ProcessHandle> alive() {
        return ProcessHandle.current()
                .children()
                .filter(process -> process.info()
                        .command()
                        .filter(command -> command.endsWith("java"))
                        .isPresent())
                .toList();
    }

    static void awaitAlive(int count) throws InterruptedException {
        for (int i = 0; i < 600 && alive().size() < count; i++) {
            Thread.sleep(50);
        }
    }
}
