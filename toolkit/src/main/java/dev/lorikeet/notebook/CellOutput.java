package dev.lorikeet.notebook;

import dev.lorikeet.notebook.view.MimeBundle;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;

/**
 * An output in the cell that runs when it is created, updated in place. Its own thread sends the messages, so that the task
 * does not wait and no interrupted thread sends one, which would close the kernel's channel.
 */
final class CellOutput {

    static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "lorikeet-display");
        thread.setDaemon(true);
        return thread;
    });

    private final Kernel kernel;
    private final Object cell;
    private final String id = "lorikeet-" + UUID.randomUUID();
    private boolean shown;

    CellOutput(Kernel kernel) {
        this.kernel = kernel;
        this.cell = kernel.cell();
    }

    /** Shows a bundle; only the clock's thread may call this. */
    void show(MimeBundle bundle) {
        if (shown) {
            kernel.update(cell, id, bundle);
        } else {
            kernel.display(cell, id, bundle);
        }
        shown = true;
    }

    /** Waits until {@code drawing} is done, even if this thread is interrupted. */
    static void await(Future<?> drawing) {
        boolean interrupted = false;
        while (!drawing.isDone()) {
            try {
                drawing.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                // A failure to draw must not fail the task.
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
