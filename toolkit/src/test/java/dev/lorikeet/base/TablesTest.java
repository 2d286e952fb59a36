package dev.lorikeet.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class TablesTest {

    /** A process of its own, since Tablesaw starts once in each. */
    @Test
    void anInterruptDuringTheFirstTableDoesNoHarm() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        TablesTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the process did not end");
        assertEquals("1 row, interrupted: true, then 2 rows", output);
    }

    /** Interrupts the first table again and again, and makes another. */
    public static void main(String[] args) throws InterruptedException {
        Thread cell = new Thread(() -> {
            Table table = Tables.create("first", StringColumn.create("text", "a"));
            System.out.print(Quantities.counted(table.rowCount(), "row"));
            System.out.print(", interrupted: " + Thread.currentThread().isInterrupted());
        });
        cell.start();
        while (cell.isAlive()) {
            cell.interrupt();
            cell.join(1);
        }
        Table table = Tables.create("second", StringColumn.create("text", "a", "b"));
        System.out.print(", then " + Quantities.counted(table.rowCount(), "row"));
    }
}
