package dev.lorikeet.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LatePrintsTest {

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final RecordingKernel kernel = new RecordingKernel();

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
    }

    @Test
    void whatAThreadPrintsAfterItsCellGoesToThatCell() throws Exception {
        kernel.cell = null;
        LatePrints.install(kernel);
        CountDownLatch over = new CountDownLatch(1);
        kernel.cell = "cell 1";
        Thread thread = new Thread(() -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            System.out.println("näher");
            System.err.print("e");
        });
        thread.start();
        kernel.cell = "cell 2";
        new Thread(() -> {}).start();
        kernel.cell = null;
        over.countDown();
        thread.join();
        CellOutput.await(CellOutput.CLOCK.submit(() -> {}));

        assertEquals(
                "näher" + System.lineSeparator(),
                kernel.printed.stream()
                        .filter(each -> !each.error())
                        .map(RecordingKernel.Printed::text)
                        .reduce("", String::concat));
        assertTrue(kernel.printed.contains(new RecordingKernel.Printed("cell 1", true, "e")), kernel.printed::toString);
        assertTrue(kernel.printed.stream().allMatch(each -> each.cell().equals("cell 1")));
    }

    @Test
    void whatNoCellStartedIsPrintedAsBefore() {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
        kernel.cell = null;
        LatePrints.install(kernel);
        System.out.print("server");

        assertEquals("server", log.toString(StandardCharsets.UTF_8));
        assertEquals(List.of(), kernel.printed);
    }

    @Test
    void inACellNothingIsPutInPlaceOfTheKernelsStreams() {
        LatePrints.install(kernel);

        assertEquals(out, System.out);
    }
}
