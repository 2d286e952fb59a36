package dev.lorikeet.notebook;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Shows what threads print when no cell runs in the cell that started the thread; the kernel would send it to the server log.
 */
final class LatePrints extends OutputStream {

    private static volatile CellOfThread current;

    private final Kernel kernel;
    private final CellOfThread cells;
    private final boolean error;
    private final PrintStream otherwise;

    private LatePrints(Kernel kernel, CellOfThread cells, boolean error, PrintStream otherwise) {
        this.kernel = kernel;
        this.cells = cells;
        this.error = error;
        this.otherwise = otherwise;
    }

    /** Assigns later output of this thread to {@code cell}: a kernel's threads are older than the cells that they run. */
    static void belongTo(Object cell) {
        CellOfThread known = current;
        if (known != null && cell != null) {
            known.set(cell);
        }
    }

    /** Replaces the standard streams; while a cell runs, the kernel replaces them with its own. */
    static void install(Kernel kernel) {
        if (kernel.cell() == null) {
            CellOfThread cells = new CellOfThread(kernel);
            current = cells;
            System.setOut(stream(new LatePrints(kernel, cells, false, System.out)));
            System.setErr(stream(new LatePrints(kernel, cells, true, System.err)));
        }
    }

    private static PrintStream stream(LatePrints prints) {
        return new PrintStream(prints, true, StandardCharsets.UTF_8);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        Object cell = cells.get();
        if (cell == null) {
            otherwise.write(bytes, from, length);
        } else {
            String text = new String(bytes, from, length, StandardCharsets.UTF_8);
            CellOutput.CLOCK.execute(() -> kernel.print(cell, error, text));
        }
    }

    @Override
    public void flush() {
        otherwise.flush();
    }

    /** The cell that ran when a thread was started; threads inherit it. */
    private static final class CellOfThread extends InheritableThreadLocal<Object> {

        private static final Object NONE = new Object();

        private final Kernel kernel;

        CellOfThread(Kernel kernel) {
            this.kernel = kernel;
            set(NONE);
        }

        @Override
        protected Object childValue(Object parents) {
            Object running = kernel.cell();
            return running == null ? parents : running;
        }

        @Override
        public Object get() {
            Object cell = super.get();
            return cell == NONE ? null : cell;
        }
    }
}
