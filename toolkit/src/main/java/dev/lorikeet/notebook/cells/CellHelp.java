package dev.lorikeet.notebook.cells;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jdk.jshell.JShell;

/**
 * The documentation that Shift-Tab shows.
 *
 * @param html signatures and descriptions as HTML
 * @param text the same as text
 */
public record CellHelp(String html, String text) {

    /** Finds the documentation of the call at the cursor; empty if there is none. */
    public static Optional<CellHelp> at(JShell shell, String code, int cursor) {
        List<Javadoc> found = Javadoc.at(shell.sourceCodeAnalysis(), code, cursor);
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(new CellHelp(
                        found.stream().map(Javadoc::html).collect(Collectors.joining("<hr>")),
                        found.stream().map(Javadoc::text).collect(Collectors.joining("\n\n"))));
    }
}
