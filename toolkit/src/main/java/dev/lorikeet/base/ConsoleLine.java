package dev.lorikeet.base;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** The line of a terminal that progress writes over. What others print to the terminal erases it first. */
final class ConsoleLine {

    /** Longer lines would wrap in a usual terminal, and a wrapped line cannot be written over. */
    private static final int WIDEST = 100;

    private static ConsoleLine terminal;

    private final PrintStream out;
    private final int widest;
    private int shown;

    ConsoleLine(PrintStream out) {
        this.out = out;
        this.widest = widest(System.getenv("COLUMNS"));
    }

    private static int widest(String columns) {
        return columns != null && columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) - 1 : WIDEST;
    }

    /** The line of this process's terminal; from now on everything printed to the standard streams erases it first. */
    static synchronized ConsoleLine ofTerminal() {
        if (terminal == null) {
            terminal = new ConsoleLine(System.err);
            System.setOut(terminal.erasedBy(System.out));
            System.setErr(terminal.erasedBy(System.err));
        }
        return terminal;
    }

    /** A stream to the same terminal that erases the line before it prints. */
    PrintStream erasedBy(PrintStream stream) {
        OutputStream erasing = new FilterOutputStream(stream) {
            @Override
            public void write(int one) throws IOException {
                erase();
                stream.write(one);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                erase();
                stream.write(bytes, from, length);
            }
        };
        return new PrintStream(erasing, true, Charset.defaultCharset());
    }

    /** Draws over the line. */
    synchronized void draw(String text) {
        String line = text.length() <= widest ? text : text.substring(0, widest - 1) + "…";
        out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
        out.flush();
        shown = line.length();
    }

    synchronized void erase() {
        if (shown > 0) {
            out.print("\r" + " ".repeat(shown) + "\r");
            out.flush();
            shown = 0;
        }
    }

    /** Ends the line with this text, however long. */
    synchronized void end(String text) {
        erase();
        out.println(text);
    }
}
