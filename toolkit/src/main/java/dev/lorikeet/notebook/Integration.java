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

/** Makes a kernel show the toolkit's values and tasks. */
final class Integration {

    private static final Set<Object> DONE = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Held here because java.util.logging forgets the level of a logger that nothing refers to. */
    private static final List<Logger> QUIET = Stream.of("ai.djl", "tech.tablesaw", "org.reflections")
            .map(Logger::getLogger)
            .toList();

    private Integration() {}

    /**
     * Installs everything, once a kernel. Never throws: a kernel that meets an exception while it starts dies of it. A part
     * that cannot be installed is named on standard error, and the others are.
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
            attempt("imports", () -> kernel.evaluate(Imports.source()));
        }
    }

    /** The engine tells in the log what concerns developers; in a notebook it would stand red above the first result. */
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
