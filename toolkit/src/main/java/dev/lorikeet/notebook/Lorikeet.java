package dev.lorikeet.notebook;

/** The toolkit in a notebook. */
public final class Lorikeet {

    private Lorikeet() {}

    /**
     * Lets the running kernel show the toolkit's tables, charts and progress bars, and imports the toolkit's types. IJava
     * needs this call once in a notebook; JJava does it by itself, and there, as in a plain program, the call does nothing.
     */
    public static void init() {
        Kernels.running().ifPresent(Integration::install);
    }
}
