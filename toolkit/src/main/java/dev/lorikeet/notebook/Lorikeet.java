package dev.lorikeet.notebook;

/** Sets up the toolkit in a notebook. */
public final class Lorikeet {

    private Lorikeet() {}

    /**
     * Installs the toolkit's renderers, charts and progress bars in the running kernel, and imports its types. IJava needs this
     * call once in a notebook. JJava installs them automatically; there, and outside a notebook, the call does nothing.
     */
    public static void init() {
        Kernels.running().ifPresent(Integration::install);
    }
}
