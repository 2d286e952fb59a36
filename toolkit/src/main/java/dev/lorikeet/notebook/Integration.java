package dev.lorikeet.notebook;

import dev.lorikeet.base.Progress;
import dev.lorikeet.train.RunDisplay;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Installs renderers, progress bars, live charts and imports in a kernel. */
final class Integration {

    private static final Set<Object> DONE = Collections.newSetFromMap(new IdentityHashMap<>());

    /** A reference to the logger, since java.util.logging forgets the level of a logger that nothing refers to. */
    private static final List<Logger> QUIET = Stream.of("ai.djl", "tech.tablesaw", "org.reflections")
            .map(Logger::getLogger)
            .toList();

    private Integration() {}

    /**
     * Installs everything, once for each kernel. Never throws, since an exception at start-up kills the kernel: it reports a part
     * that fails on standard error and installs the others.
     */
    static synchronized void install(Kernel kernel) {
        if (DONE.add(kernel.self())) {
            attempt("quiet logging", Integration::quieten);
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

    /** Hides the engine's log lines for developers, which a notebook would show in red above the first result. */
    static void quieten() {
        for (Logger logger : QUIET) {
            if (logger.getLevel() == null) {
                logger.setLevel(Level.WARNING);
            }
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
