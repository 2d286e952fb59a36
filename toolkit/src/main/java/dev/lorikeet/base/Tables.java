package dev.lorikeet.base;

import java.util.concurrent.CompletableFuture;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Creates Tablesaw tables. The first use of Tablesaw looks through the class path for file formats; if that is interrupted, as by
 * a notebook's stop button, no table can be made in this process any more. So it happens on a thread that nobody interrupts.
 */
public final class Tables {

    private static final CompletableFuture<Table> FIRST = CompletableFuture.supplyAsync(Table::create, task -> {
        Thread thread = new Thread(task, "lorikeet-tablesaw");
        thread.setDaemon(true);
        thread.start();
    });

    private Tables() {}

    /** Starts Tablesaw in the background, before a table is needed. */
    public static void prepare() {
        // The first use of this class has started it.
    }

    /** Creates a table; waits for Tablesaw to be ready, and keeps the thread's interrupted flag. */
    public static Table create(String name, Column<?>... columns) {
        FIRST.join();
        return Table.create(name, columns);
    }
}
