package dev.lorikeet.notebook;

import dev.lorikeet.notebook.view.MimeBundle;
import dev.lorikeet.notebook.view.Rule;

/** A running Java kernel. */
interface Kernel {

    /** The kernel's own object, which identifies the kernel. */
    Object self();

    <T> void register(Rule<T> rule);

    /** Words errors, completions and documentation for a reader; does nothing in a kernel that offers no way to do so. */
    default void listen() {}

    /** Evaluates Java source as a cell would. */
    void evaluate(String source) throws Exception;

    /** The running cell, a token for the methods below; null if there is none. */
    Object cell();

    /** Adds an output to {@code cell}, even if it has ended; does nothing if it is null. */
    void display(Object cell, String id, MimeBundle bundle);

    /** Replaces the output {@code id} that was first shown in {@code cell}. */
    void update(Object cell, String id, MimeBundle bundle);

    /** Prints to {@code cell}, even if it has ended. */
    void print(Object cell, boolean error, String text);
}
