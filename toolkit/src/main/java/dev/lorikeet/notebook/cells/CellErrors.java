package dev.lorikeet.notebook.cells;

import dev.lorikeet.base.LorikeetException;
import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.EvalException;
import jdk.jshell.JShellException;
import jdk.jshell.UnresolvedReferenceException;

/** Words the error of a cell: what happened, and in which cell and line, without the frames of JShell and of the kernel. */
public final class CellErrors {

    private static final int MOST_CAUSES = 10;
    private static final int MOST_FRAMES = 30;
    private static final String RED = "\u001b[1m\u001b[31m";
    private static final String PLAIN = "\u001b[0m";
    private static final Pattern SNIPPET = Pattern.compile("#(\\w+)");
    /** The class that JShell puts a variable in, as messages of null pointers name it. */
    private static final Pattern WRAPPER = Pattern.compile("REPL\\.\\$JShell\\$\\w+\\.");

    private static final Pattern SYMBOL = Pattern.compile("symbol:\\s+(\\w+ [^\\n]+)");
    private static final Pattern VARIABLE = Pattern.compile("symbol:\\s+variable (\\w+)");

    private final CellLog log;

    public CellErrors(CellLog log) {
        this.log = log;
    }

    /**
     * Returns the lines that replace the kernel's.
     *
     * @param lines the kernel's own, with ANSI colours; they stay for a cell that does not compile or was interrupted
     */
    public List<String> words(List<String> lines) {
        return log.exception().flatMap(this::ofRun).orElseGet(() -> ofCompiler(lines));
    }

    /** The first line without colours. */
    public static String first(List<String> lines) {
        return lines.isEmpty() ? "" : lines.get(0).replaceAll("\u001b\\[[0-9;]*m", "");
    }

    private Optional<List<String>> ofRun(JShellException exception) {
        if (exception instanceof UnresolvedReferenceException unresolved) {
            List<String> lines = new ArrayList<>(List.of(red(log.unresolved(unresolved.getSnippet()))));
            lines.addAll(frames(unresolved.getStackTrace(), true));
            return Optional.of(lines);
        }
        if (!(exception instanceof EvalException thrown) || log.wasInterrupted()) {
            return Optional.empty();
        }
        Optional<String> missing = missingFile(thrown);
        List<String> lines = new ArrayList<>();
        if (missing.isPresent()) {
            lines.add(red(missing.get()));
            lines.addAll(frames(thrown.getStackTrace(), true));
            return Optional.of(lines);
        }
        Throwable each = thrown;
        for (int i = 0; i < MOST_CAUSES && each instanceof EvalException cause; i++) {
            String line = line(cause);
            lines.add(i == 0 ? red(line) : "Caused by " + line);
            lines.addAll(frames(cause.getStackTrace(), isOurs(cause) || i > 0));
            each = cause.getCause();
        }
        return Optional.of(lines);
    }

    private static String line(EvalException thrown) {
        String name = thrown.getExceptionClassName();
        String simple = name.substring(name.lastIndexOf('.') + 1).replace('$', '.');
        return thrown.getMessage() == null
                ? simple
                : simple + ": " + WRAPPER.matcher(thrown.getMessage()).replaceAll("");
    }

    /** Whether the error is one of the toolkit's, whose message says everything: where inside it was thrown helps nobody. */
    private static boolean isOurs(EvalException thrown) {
        return type(thrown).filter(LorikeetException.class::isAssignableFrom).isPresent();
    }

    private static Optional<Class<?>> type(EvalException thrown) {
        try {
            return Optional.of(Class.forName(thrown.getExceptionClassName(), false, CellErrors.class.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty();
        }
    }

    /** One line for a file that is not there, with the folder looked in. */
    private static Optional<String> missingFile(EvalException thrown) {
        if (isOurs(thrown)) {
            return Optional.empty();
        }
        Throwable each = thrown;
        for (int i = 0; i < MOST_CAUSES && each instanceof EvalException cause; i++) {
            String name = cause.getExceptionClassName();
            if (cause.getMessage() != null
                    && (name.equals(FileNotFoundException.class.getName())
                            || name.equals(NoSuchFileException.class.getName()))) {
                return Optional.of(missing(cause.getMessage()));
            }
            each = cause.getCause();
        }
        return Optional.empty();
    }

    private static String missing(String message) {
        int reason = message.lastIndexOf(" (");
        if (reason > 0 && !message.contains("No such file")) {
            return message;
        }
        Path file = Path.of(reason > 0 ? message.substring(0, reason) : message);
        Path folder = file.toAbsolutePath().normalize().getParent();
        return folder == null
                ? "There is no file " + file + "."
                : "There is no file " + file.getFileName() + " in " + folder + ".";
    }

    /** The frames down to the cell; JShell's wrappers are left out, and with {@code cellsOnly} those of libraries too. */
    private List<String> frames(StackTraceElement[] stack, boolean cellsOnly) {
        Set<String> seen = new LinkedHashSet<>();
        for (StackTraceElement frame : stack) {
            Optional<String> ofCell = ofCell(frame);
            if (ofCell.isPresent()) {
                seen.add("    at " + ofCell.get());
            } else if (!cellsOnly) {
                seen.add("    at " + frame);
            }
        }
        List<String> lines = new ArrayList<>(seen);
        if (lines.size() > MOST_FRAMES) {
            List<String> ends = new ArrayList<>(lines.subList(0, MOST_FRAMES / 2));
            ends.add("    …");
            ends.addAll(lines.subList(lines.size() - MOST_FRAMES / 2, lines.size()));
            return ends;
        }
        return lines;
    }

    private Optional<String> ofCell(StackTraceElement frame) {
        Matcher snippet = SNIPPET.matcher(frame.getFileName() == null ? "" : frame.getFileName());
        if (!snippet.matches()) {
            return Optional.empty();
        }
        String method = frame.getMethodName().startsWith("do_it$") ? "" : frame.getMethodName();
        String in = method.isEmpty() ? "" : (frame.getClassName() + "." + method).replaceFirst("^\\.", "") + ", ";
        return Optional.of(log.place(snippet.group(1))
                .map(place -> in
                        + place.at(frame.getLineNumber())
                        + place.text(frame.getLineNumber())
                                .map(text -> ": " + text)
                                .orElse(""))
                .orElse(in + "a cell that the kernel ran at its start"));
    }

    /** Says why a variable has no value; the compiler's other complaints stay. */
    private List<String> ofCompiler(List<String> lines) {
        String text = String.join("\n", lines);
        List<String> said = new ArrayList<>();
        distinct(VARIABLE, text).forEach(name -> log.failedCellOf(name)
                .ifPresent(cell -> said.add(red(name + " has no value, because cell [" + cell
                        + "], which sets it, failed. Run that cell again."))));
        if (said.isEmpty() || said.size() < distinct(SYMBOL, text).size()) {
            said.addAll(lines);
        }
        log.failingPlace().ifPresent(place -> said.add("    at " + place.at(1)));
        return said;
    }

    private static Set<String> distinct(Pattern pattern, String text) {
        Set<String> found = new LinkedHashSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static String red(String text) {
        return RED + text + PLAIN;
    }
}
