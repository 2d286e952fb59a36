package dev.lorikeet.notebook;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.Tables;
import dev.lorikeet.notebook.view.Renderers;
import dev.lorikeet.tensor.engine.PyTorchEngine;
import dev.lorikeet.train.RunDisplay;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Installs renderers, progress bars, live charts and imports in a kernel. */
final class Integration {

    private static final Set<Object> DONE = Collections.newSetFromMap(new IdentityHashMap<>());

    private Integration() {}

    /**
     * Installs everything, once for each kernel. Never throws, since an exception at start-up kills the kernel: it reports a part
     * that fails on standard error and installs the others.
     */
    static synchronized void install(Kernel kernel) {
        if (DONE.add(kernel.self())) {
            attempt("settings of the engine", PyTorchEngine::prepare);
            attempt("tables", Tables::prepare);
            attempt("renderers", () -> Renderers.all().forEach(kernel::register));
            attempt(
                    "progress bars",
                    () -> Progress.showOn((title, total) -> NotebookProgress.start(kernel, title, total)));
            attempt("live charts", () -> RunDisplay.showOn(run -> new LiveChart(kernel, run)));
            attempt("prints of background threads", () -> LatePrints.install(kernel));
            attempt("documentation", Sources::install);
            attempt("wording of errors", kernel::listen);
            attempt("imports", () -> kernel.evaluate(Imports.source()));
        }
    }

    private interface Part {
        void run() throws Exception;
    }

    private static void attempt(String what, Part part) {
        try {
            part.run();
        } catch (Throwable e) {
            System.err.println("Lorikeet could not install its " + what + ": " + e);
        }
    }
}
