package dev.lorikeet.base;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Hides log lines that libraries write for their developers, which read like alarms above the first result. */
public final class QuietLogs {

    /** References to the loggers, since java.util.logging forgets the level of a logger that nothing refers to. */
    private static final List<Logger> LIBRARIES = Stream.of("ai.djl", "tech.tablesaw", "org.reflections")
            .map(Logger::getLogger)
            .toList();

    private QuietLogs() {}

    /** Shows warnings and errors alone, unless the user has chosen a level. */
    public static void on() {
        for (Logger logger : LIBRARIES) {
            if (logger.getLevel() == null) {
                logger.setLevel(Level.WARNING);
            }
        }
    }
}
