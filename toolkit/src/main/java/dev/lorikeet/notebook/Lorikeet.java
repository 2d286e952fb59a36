package dev.lorikeet.notebook;

/** Sets up the toolkit in a notebook, and tells what there is. */
public final class Lorikeet {

    private Lorikeet() {}

    /**
     * Installs the toolkit's renderers, charts and progress bars in the running kernel, and imports its types. IJava needs this
     * call once in a notebook. JJava installs them automatically; there, and outside a notebook, the call does nothing.
     */
    public static void init() {
        Kernels.running().ifPresent(Integration::install);
    }

    /** Returns what the toolkit offers, by task, each with a line of code; a console shows it as text. */
    public static Help help() {
        return Help.ALL;
    }

    /**
     * Returns what the toolkit offers for one task.
     *
     * @param topic data, models, LoRA, training, evaluation, generation, saving or plots
     */
    public static Help help(String topic) {
        return Help.ALL.only(topic);
    }
}
