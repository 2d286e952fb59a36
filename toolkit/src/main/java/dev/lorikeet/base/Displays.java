package dev.lorikeet.base;

import java.util.function.BiFunction;

/** Holds the display on which tasks are shown; see {@link Progress#showOn}. */
final class Displays {

    static volatile BiFunction<String, Long, Progress> current = ConsoleProgress::new;

    private Displays() {}
}
