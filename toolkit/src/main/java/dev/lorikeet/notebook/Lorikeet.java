package dev.lorikeet.notebook;

import dev.lorikeet.tensor.Machine;
import dev.lorikeet.tensor.engine.PyTorchEngine;

/** Sets up the toolkit in a notebook, and tells what there is. */
public final class Lorikeet {

    private Lorikeet() {}

    /**
     * Installs the toolkit's renderers, charts and progress bars in the running kernel, and imports its types, unless they are
     * there already, as in JJava, which installs them at its start. Prints what the toolkit runs on; see {@link #about}.
     *
     * @throws dev.lorikeet.base.BadArgumentException if {@code LORIKEET_THREADS} is no number of threads
     */
    public static void init() {
        PyTorchEngine.prepare();
        Kernels.running().ifPresent(Integration::install);
        System.out.println(about());
    }

    /**
     * Returns what the toolkit runs on: its version, PyTorch's, and the processor, so that recorded results say where they come
     * from.
     */
    public static String about() {
        Machine machine = Machine.current();
        String version = Lorikeet.class.getPackage().getImplementationVersion();
        return String.join(
                " · ", version == null ? "Lorikeet" : "Lorikeet " + version, machine.engine(), machine.processor());
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
