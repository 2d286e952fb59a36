package dev.lorikeet.notebook.cells;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.MethodSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.VarSnippet;

/**
 * Notes which cell and line each snippet of JShell came from, and which variables got no value since their cell failed. JShell
 * itself knows snippets only, and leaves such a variable null.
 */
public final class CellLog {

    /** The place of a snippet: the cell's number, and the line in it where the snippet begins, or 0 if unknown. */
    record Place(int cell, int line, String source) {

        /** Words the place of a line of the snippet, which JShell counts from 1. */
        String at(int lineOfSnippet) {
            return line == 0 ? "cell [" + cell + "]" : "cell [" + cell + "], line " + (line + lineOfSnippet - 1);
        }

        /** The text of a line of the snippet; empty for one that is not in the cell as it stands, such as a magic. */
        Optional<String> text(int lineOfSnippet) {
            return line == 0
                    ? Optional.empty()
                    : source.lines()
                            .skip(Math.max(0, lineOfSnippet - 1))
                            .findFirst()
                            .map(String::strip);
        }
    }

    private final JShell shell;
    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, Integer> failed = new HashMap<>();
    private final Map<String, Snippet> ofCell = new LinkedHashMap<>();

    private int cell;
    private String code = "";
    /** Where the next snippet of the cell begins in its code, at the earliest. */
    private int next;
    /** Where the last snippet of the cell began. */
    private int last;

    private JShellException exception;

    public CellLog(JShell shell) {
        this.shell = shell;
        shell.onSnippetEvent(this::note);
    }

    /** Starts a cell. */
    public synchronized void begin(int number, String source) {
        cell = number;
        code = source;
        next = 0;
        last = 0;
        exception = null;
        ofCell.clear();
    }

    private synchronized void note(SnippetEvent event) {
        if (cell == 0 || event.causeSnippet() != null || event.status() == Status.DROPPED) {
            return;
        }
        Snippet snippet = event.snippet();
        String source = snippet.source().strip();
        int begin = code.indexOf(source, next);
        if (begin >= 0) {
            last = begin;
            next = begin + source.length();
        }
        places.put(snippet.id(), new Place(cell, begin < 0 ? 0 : lines(code.substring(0, begin)) + 1, source));
        ofCell.put(snippet.id(), snippet);
        exception = event.exception();
        if (exception == null && event.status().isActive()) {
            names(snippet).forEach(failed::remove);
        }
    }

    private static int lines(String text) {
        return (int) text.chars().filter(each -> each == '\n').count();
    }

    /** Ends a cell that ran through. Returns a line for each declaration in it that uses names that nothing defines so far. */
    public synchronized List<String> end() {
        List<String> warnings = new ArrayList<>();
        for (Snippet snippet : ofCell.values()) {
            boolean open = shell.status(snippet) == Status.RECOVERABLE_DEFINED
                    || shell.status(snippet) == Status.RECOVERABLE_NOT_DEFINED;
            if (open && snippet instanceof DeclarationSnippet declaration) {
                warnings.add(unresolved(declaration));
            }
        }
        cell = 0;
        return warnings;
    }

    /** Ends a cell that failed: its variables from the failing line on have no value, and are undefined in place of null. */
    public synchronized void fail() {
        int number = cell;
        cell = 0;
        // A cell that was interrupted may still set its variable, when the task that it stopped is done.
        for (String name : declaredFrom(wasInterrupted() ? next : last)) {
            Optional<VarSnippet> variable = shell.variables()
                    .filter(each ->
                            each.name().equals(name) && shell.status(each).isActive())
                    .findFirst();
            boolean ofThisCell =
                    variable.filter(each -> ofCell.containsKey(each.id())).isPresent();
            if (ofThisCell) {
                shell.drop(variable.get());
            }
            // A variable that an earlier run of a cell has set, and that this cell did not reach, keeps its value.
            if (ofThisCell || variable.isEmpty()) {
                failed.put(name, number);
            }
        }
    }

    /** Tells whether the kernel ended the cell: its own endings have names with spaces. */
    boolean wasInterrupted() {
        return exception instanceof EvalException thrown
                && thrown.getExceptionClassName().contains(" ");
    }

    /** Lists the names of the variables that the rest of the cell declares. */
    private List<String> declaredFrom(int begin) {
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        List<String> names = new ArrayList<>();
        String rest = code.substring(begin);
        while (!rest.isBlank()) {
            CompletionInfo info = analysis.analyzeCompletion(rest);
            if (!info.completeness().isComplete() || info.completeness() == Completeness.EMPTY) {
                break;
            }
            analysis.sourceToSnippets(info.source()).forEach(snippet -> names.addAll(names(snippet)));
            rest = info.remaining();
        }
        return names;
    }

    private static List<String> names(Snippet snippet) {
        return snippet instanceof VarSnippet variable && variable.name() != null ? List.of(variable.name()) : List.of();
    }

    String unresolved(DeclarationSnippet declaration) {
        String missing = shell.unresolvedDependencies(declaration).collect(Collectors.joining(", "));
        String name = declaration instanceof MethodSnippet method
                ? method.name() + "(" + method.parameterTypes() + ")"
                : declaration.name();
        String reason = missing.isEmpty()
                ? shell.diagnostics(declaration)
                        .map(each -> each.getMessage(null).replaceAll("\\s+", " "))
                        .collect(Collectors.joining("; "))
                : "it uses " + missing + ", which nothing defines so far";
        return name + " cannot be used yet: " + reason + ".";
    }

    /** The number of the cell that should have set a variable but failed; empty if the variable is not known to lack a value. */
    synchronized Optional<Integer> failedCellOf(String variable) {
        return Optional.ofNullable(failed.get(variable));
    }

    synchronized Optional<Place> place(String snippet) {
        return Optional.ofNullable(places.get(snippet));
    }

    /** The place of the failing snippet, which is the last that JShell took. */
    synchronized Optional<Place> failingPlace() {
        return ofCell.keySet().stream().reduce((first, second) -> second).map(places::get);
    }

    synchronized Optional<JShellException> exception() {
        return Optional.ofNullable(exception);
    }
}
