package dev.lorikeet.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.TaskState;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class NotebookProgressTest {

    private static final long REDRAW_MILLIS = 200;

    private final RecordingKernel kernel = new RecordingKernel();

    @Test
    void aTaskOfACellThatIsSoonOverLeavesNoBar() throws InterruptedException {
        do_it$(() -> {
            try (Progress progress = NotebookProgress.start(kernel, "Short", 3)) {
                progress.at(3, "");
            }
        });
        Thread.sleep(NotebookProgress.DELAY_MILLIS + 100);

        assertEquals(List.of(), kernel.sent);
    }

    @Test
    void manyUpdatesBecomeFewMessagesInOnePlace() throws InterruptedException {
        long started = System.nanoTime();
        try (Progress progress = NotebookProgress.start(kernel, "Training", 100)) {
            for (int done = 1; done <= 99; done++) {
                progress.at(done, "loss " + done);
                Thread.sleep(10);
            }
            until(() -> kernel.sent.size() >= 3);
            progress.at(100, "loss 100");
        }
        long most = 4 + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started) / REDRAW_MILLIS;
        assertTrue(kernel.sent.size() <= most, "messages: " + kernel.sent.size() + ", at most " + most);
        assertEquals(1, kernel.sent.stream().filter(RecordingKernel.Sent::first).count());
        assertEquals(
                1, kernel.sent.stream().map(RecordingKernel.Sent::id).distinct().count());
        assertTrue(
                kernel.last().text().startsWith("Training: 100 of 100 · in "),
                kernel.last().text());
        assertTrue(kernel.last().text().endsWith("loss 100"));
    }

    @Test
    void aTaskThatIsClosedEarlySaysWhereItStopped() throws InterruptedException {
        try (Progress progress = NotebookProgress.start(kernel, "Training", 30)) {
            progress.at(7, "");
            until(() -> !kernel.sent.isEmpty());
        }
        assertTrue(
                kernel.last().text().contains("stopped at 7 of 30"),
                kernel.last().text());
        assertFalse(kernel.last().first());
    }

    @Test
    void aTaskThatIsCompleteBeforeItsMostIsFinished() throws InterruptedException {
        try (Progress progress = NotebookProgress.start(kernel, "Generating", 60)) {
            until(() -> !kernel.sent.isEmpty());
            progress.at(23, "");
            progress.complete("20.0 tokens/s");
        }
        assertTrue(
                kernel.last().text().startsWith("Generating: 23 of at most 60 · in "),
                kernel.last().text());
        assertTrue(kernel.last().text().endsWith("20.0 tokens/s"));
        assertTrue(kernel.last().html().contains("width: 100.0%"));
    }

    @Test
    void theBarStaysInTheCellWhereItsTaskBegan() throws InterruptedException {
        try (Progress progress = NotebookProgress.start(kernel, "Background", 2)) {
            kernel.cell = "cell 2";
            until(() -> !kernel.sent.isEmpty());
            progress.at(2, "");
        }
        assertTrue(kernel.sent.stream().allMatch(sent -> sent.cell().equals("cell 1")));
    }

    @Test
    void noMessageIsSentByAnInterruptedThread() throws InterruptedException {
        try (Progress progress = NotebookProgress.start(kernel, "Training", 30)) {
            until(() -> !kernel.sent.isEmpty());
            progress.at(1, "");
            Thread.currentThread().interrupt();
        }
        assertTrue(Thread.interrupted(), "the flag is still set for whoever checks it");
        assertTrue(kernel.last().text().contains("stopped at 1 of 30"));
        assertTrue(kernel.sent.stream().noneMatch(RecordingKernel.Sent::interrupted));
    }

    @Test
    void aBarTellsPercentTimeAndTimeLeft() {
        TaskState half = new TaskState("Load <x>", 1500, 3000, "rows", "12.0 MiB/s", 90, TaskState.Phase.RUNNING);

        assertEquals(
                "Load <x>: 1,500 of 3,000 rows · 50 % · 1:30 min · 1:30 min left · 12.0 MiB/s", ProgressBar.text(half));
        String html = ProgressBar.html(half);
        assertTrue(
                html.contains("Load &lt;x&gt;") && html.contains("width: 50.0%") && html.contains("12.0 MiB/s"), html);
        assertTrue(ProgressBar.text(half.at(3725, TaskState.Phase.FINISHED)).contains("in 1:02:05 h"));
        TaskState none = TaskState.start("t", 0).at(1, TaskState.Phase.FINISHED);
        assertTrue(ProgressBar.html(none).contains("width: 100.0%"));
    }

    @Test
    void onlyARunningBarSaysThatItsKernelMayBeGone() {
        TaskState task = TaskState.start("Training", 2).in("steps").done(1, "");

        assertTrue(ProgressBar.html(task).contains("the kernel was stopped"));
        assertFalse(ProgressBar.html(task.at(9, TaskState.Phase.STOPPED)).contains("the kernel was stopped"));
        assertFalse(ProgressBar.html(task.at(9, TaskState.Phase.FINISHED)).contains("the kernel was stopped"));
    }

    @Test
    void aBarNamesItsUnit() throws InterruptedException {
        try (Progress progress = NotebookProgress.start(kernel, "Training", 30).in("steps")) {
            progress.at(7, "");
            until(() -> !kernel.sent.isEmpty());
        }
        assertTrue(
                kernel.last().text().contains("stopped at 7 of 30 steps"),
                kernel.last().text());
    }

    private static void until(BooleanSupplier holds) throws InterruptedException {
        for (int i = 0; i < 1000 && !holds.getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        assertTrue(holds.getAsBoolean());
    }

    /** JShell runs a cell in a method of this name. */
    private static void do_it$(Runnable cell) {
        cell.run();
    }
}
