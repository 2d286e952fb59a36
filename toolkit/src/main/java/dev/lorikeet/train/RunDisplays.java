package dev.lorikeet.train;

import java.util.function.Function;

/** Holds the display of training runs; see {@link RunDisplay#showOn}. */
final class RunDisplays {

    static volatile Function<String, RunDisplay> current = RunDisplay::none;

    private RunDisplays() {}
}
